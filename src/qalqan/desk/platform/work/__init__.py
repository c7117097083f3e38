"""What people owe: deadlines, reminders, escalation, hand-over."""
