"""A machine of its own within namespaces: a loopback interface, and copies of all that a redirection may change. Knows
no client and nothing of smsbridge."""

import fcntl
import hashlib
import os
import shutil
import socket
import stat
import struct
import subprocess
from pathlib import Path

# What `redirect on` may write to, apart from the home and the folder that the server runs in.
TOUCHED = (Path("/etc"), Path("/usr/local/share/ca-certificates"))

HOSTS = """\
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost

# entries of somebody's own
10.1.2.3 printer
"""

SIOCSIFFLAGS = 0x8914
IFF_UP = 1


def loopback_up():
    """Ports 80 and 443 of this loopback are nobody else's."""
    with socket.socket() as any_socket:
        request = struct.pack("16sh14x", b"lo", IFF_UP)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, request)


def own_copies(ground):
    """Puts copies in the places of all that is touched, so that this machine's own stays as it is."""
    for place in TOUCHED:
        copy = ground / place.name
        if not place.is_dir():
            raise FileNotFoundError(f"{place} is missing")
        # What may not be read is of no use here either.
        subprocess.run(["cp", "-a", str(place), str(copy)], stderr=subprocess.DEVNULL, check=False)
        subprocess.run(["mount", "--bind", str(copy), str(place)], check=True)
    # A container may have been given another one, and its names.
    Path("/etc/hosts").write_text(HOSTS)
    # Nobody is asked about names who could know them.
    Path("/etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")
    # Packages that keep a store of their own write to where this machine's own is, by dpkg.
    for hook in Path("/etc/ca-certificates/update.d").glob("*"):
        hook.unlink()
    # What was put there by hand, and goes when anybody has the store made anew, goes now.
    subprocess.run(["update-ca-certificates"], check=True, capture_output=True)


def give_back():
    """Takes the copies away, so that they can be removed."""
    for place in reversed(TOUCHED):
        subprocess.run(["umount", "--lazy", str(place)], check=False)


def state_of(*more):
    """Every file of what is touched: its kind, rights and content."""
    return {str(path): of_file(path) for root in (*TOUCHED, *more) for path in sorted(root.rglob("*"))}


def of_file(path):
    about = path.lstat()
    rights = (stat.filemode(about.st_mode), about.st_uid, about.st_gid)
    if stat.S_ISLNK(about.st_mode):
        return (*rights, os.readlink(path))
    if path.name == "cacerts" and shutil.which("keytool"):
        return (*rights, *in_keystore(path))
    if stat.S_ISREG(about.st_mode) and os.access(path, os.R_OK):
        return (*rights, hashlib.sha256(path.read_bytes()).hexdigest())
    return rights


def in_keystore(path):
    """What is in a store of Java's: its own program writes it in another order each time."""
    command = ["keytool", "-list", "-keystore", str(path), "-storepass", "changeit"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    return sorted(line for line in lines if "trustedCertEntry" in line or "fingerprint" in line)


def differences(before, after):
    """The paths that differ, in one line."""
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return ", ".join(paths)


def alone_in_its_place(file):
    """Mounts a file over itself, as containers have their hosts file: nothing can take its place."""
    copy = file.with_name("mounted")
    shutil.copy2(file, copy)
    subprocess.run(["mount", "--bind", str(copy), str(file)], check=True)
    return lambda: (subprocess.run(["umount", str(file)], check=True), copy.unlink())
