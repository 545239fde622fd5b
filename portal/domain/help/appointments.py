"""Questions about visits."""

from portal.domain.help.content import Question, Section

APPOINTMENTS = Section(
    "appointments",
    "Appointments",
    (
        Question(
            "How do I view my appointments?",
            points=(
                "Log into the Patient Portal.",
                "Your upcoming appointments appear on the Dashboard.",
                "For more details, choose Appointments in the menu.",
            ),
            ordered=True,
        ),
        Question(
            "How do I confirm my appointment?",
            points=(
                "Go to the Appointments page.",
                "Find your upcoming appointment.",
                "Choose Confirm.",
                "The practice is notified automatically.",
            ),
            ordered=True,
            closing="Confirming your appointment helps the practice prepare for your visit.",
        ),
        Question(
            "Can I reschedule or cancel an appointment through the portal?",
            "Yes. On the Appointments page:",
            (
                "Choose Reschedule to change the time. You see the days and times that are really free.",
                "Choose Cancel to cancel. You see whether that costs a fee first, and you can undo it for 5 minutes.",
            ),
            closing="The practice is notified immediately. Some appointments cannot be rescheduled or cancelled "
            "online, by their kind or because they are soon: the page then says why, and what number to call.",
        ),
        Question(
            "How do I book a new appointment?",
            "New appointments are booked in our separate Online Booking Portal. Where there is one, its link is on the "
            "Appointments page. Or call us.",
            call=True,
        ),
        Question(
            "Where can I see my past appointments?",
            points=(
                "Go to the Appointments page.",
                "Choose the tab Past Appointments.",
                "Choose View to see the details of a visit.",
            ),
            ordered=True,
        ),
        Question(
            "What are the Important Reminders I see on the Appointments page?",
            "They are the practice's instructions for your visit:",
            (
                "when to arrive,",
                "where to park,",
                "what to bring, and",
                "what to do before your visit.",
            ),
            closing="Please read them before each visit.",
        ),
        Question(
            "How do I get my appointments into my own calendar?",
            "Choose Add to calendar at a visit to save that one. To let your calendar follow all your visits, choose "
            "Get a private address at the end of the Appointments page; you can turn it off there at any time. "
            "Calendar entries name no treatment.",
        ),
    ),
    needs="Appointments",
)
