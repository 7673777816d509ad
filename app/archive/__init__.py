"""Archives on the network in the window: ask, fetch, receive, send. What talks is `planning/pacs`."""
