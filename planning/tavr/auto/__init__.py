"""The aortic root found in a contrast CT without learned weights."""
