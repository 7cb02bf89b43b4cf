"""量化标准: vague wording, definitions that run on their source, what the process does anyway."""
