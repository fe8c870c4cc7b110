"""Everything around the cases: processes, addresses, the stand-ins' admin routes, the report."""
