"""Help beside every screen: what it is for, what to do first, and the guide that goes on."""
