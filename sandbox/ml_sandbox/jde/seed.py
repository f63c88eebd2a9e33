"""Who may sign in to a fresh sandbox. These are no secrets: they open nothing but the sandbox."""

USERNAME = "MLCONN"
PASSWORD = "sandbox-jde-password"  # noqa: S105
ENVIRONMENT = "JPD920"
ROLE = "*ALL"

LIMITED_USERNAME = "MLVIEW"
LIMITED_PASSWORD = "sandbox-jde-view-password"  # noqa: S105
