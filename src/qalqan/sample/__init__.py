"""The sample province: Aktobe as geography, everything that is said or happens there made up."""
