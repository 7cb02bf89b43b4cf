"""任务清单: the task list, what is wrong with a row of it, and whether tasks carry their targets."""
