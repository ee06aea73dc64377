"""Several engagements at a glance, in pictures: deadlines on one calendar, what is overdue, findings over the years."""
