"""Everything a city tracks: items of declared ledgers, with their whole history; and the packs that declare them."""
