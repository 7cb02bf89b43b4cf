"""优先级排序: what matters first, what is proposed for it, and how firm that is."""
