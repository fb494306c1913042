"""Lists of institutions that a user gives: matched, held against their constraints, proposed."""
