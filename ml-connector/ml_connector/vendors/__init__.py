"""What the taps and targets of one vendor share: login, client, faults, values. No Singer."""
