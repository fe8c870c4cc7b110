"""Client software with no change at all, its address included: led to smsbridge by the hosts file and the local CA."""
