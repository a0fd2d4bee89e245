// An executor that a broken installation has.
process.exit(9);
