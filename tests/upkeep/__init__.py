"""What looks after the packages that we use: their licences and their vulnerabilities."""
