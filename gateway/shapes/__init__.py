"""JSON that comes in, by whatever way: its shapes, read strictly, and the words for its faults."""
