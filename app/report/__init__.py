"""Reports: one content model per plan, written as PDF, HTML or CSV."""
