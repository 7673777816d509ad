"""The guided TAVR plan: one module a step, what they share, and what they draw."""
