"""How the shipped model is made: `python -m inference.training` prepares scans, trains, resumes, measures and exports."""
