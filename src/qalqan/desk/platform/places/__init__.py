"""Country, province, district, settlement, and the names people use for them."""
