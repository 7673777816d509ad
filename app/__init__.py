"""What ties the workstation together: command line, window, panels, reports."""
