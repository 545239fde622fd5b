"""Questions about what is new, and about the calendar of the Dashboard."""

from portal.domain.help.content import Question, Section

NOTIFICATIONS = Section(
    "notifications",
    "Notifications and calendar",
    (
        Question(
            "What are Notifications?",
            "They tell you what is new:",
            (
                "new appointments booked, and appointments that were changed,",
                "appointment reminders,",
                "new forms to complete,",
                "new invoices.",
            ),
            closing="Choose the notification bell at the top, or Notifications in the menu. Each one opens what it is "
            "about; what you have not seen yet is marked New.",
        ),
        Question(
            "Can I see a calendar view of my appointments?",
            "Yes. The Dashboard has a calendar with a badge on each day that you have a visit. Choose the day to see "
            "its visits, and the arrows to see other months.",
        ),
        Question(
            "Do you also text and email me?",
            "Yes, unless you have asked us not to. My Profile is where you choose. Our texts and emails name no "
            "treatments.",
        ),
    ),
    needs="Notifications",
)
