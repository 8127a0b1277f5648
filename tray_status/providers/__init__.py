"""Pure: documents of a platform → Snapshot, one platform a module. Everything a vendor can get wrong ends here."""
