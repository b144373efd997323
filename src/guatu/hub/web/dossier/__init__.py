"""The parts of an item's dossier: what matters of it, its curve, its figures then and now, its milestones, its trail, its pictures."""
