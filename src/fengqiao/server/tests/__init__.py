"""Stories of the program as a whole: database, web and worker, started, killed and stopped."""
