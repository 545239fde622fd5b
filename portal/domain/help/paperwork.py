"""Questions about forms."""

from portal.domain.help.content import Question, Section

PAPERWORK = Section(
    "paperwork",
    "Paperwork and forms",
    (
        Question(
            "How do I know if I have paperwork to complete?",
            points=(
                "The Paperwork card on the Dashboard counts what is open.",
                "Task Management in the menu carries the same number.",
                "Notifications tell of each form that we ask you for.",
                'Each form shows its status: red "Not Signed" or "Not Filled", green "Signed" or "Filled".',
            ),
        ),
        Question(
            "Where do I find my forms?",
            points=("From the Dashboard, choose the Paperwork card, or", "choose Task Management in the menu."),
            closing="There are two tabs: Consents are forms to sign, Questionnaires are forms to fill.",
        ),
        Question(
            "How do I complete a consent form?",
            points=(
                "Open Task Management and its tab Consents.",
                'Find the form marked "Not Signed" or "Witness Signature Required".',
                "Choose View to read the form.",
                "Choose Sign, and sign with your finger, a pen or the mouse, or type your name instead.",
                'The form then shows "Signed".',
            ),
            ordered=True,
            closing='A form marked "Witness Signature Required" is also signed by someone who was with you: our staff '
            "at your visit, or a companion on your device.",
        ),
        Question(
            "How do I fill out a questionnaire?",
            points=(
                "Open Task Management and its tab Questionnaires.",
                'Find the form marked "Not Filled".',
                "Choose Fill to open it.",
                "Answer all required questions. Each answer is kept at once: go on later, or on another device.",
                "Look through your answers, and submit.",
                'The form then shows "Filled".',
            ),
            ordered=True,
        ),
        Question("Can I complete forms on my phone?", "Yes. All forms work on smartphones and tablets."),
        Question(
            "Can I download my forms?",
            "Yes. Choose the Download icon next to any form to save a PDF copy to your device.",
        ),
        Question(
            "I made a mistake on a form. Can I change it?",
            "A form that is signed or submitted cannot be changed any more. We can reset it for you, so that you can "
            "complete a fresh one.",
            call=True,
        ),
        Question(
            "When should I complete my paperwork?",
            "Before your appointment whenever you can:",
            (
                "check-in goes faster,",
                "your appointment starts on time,",
                "your provider has time to read what you wrote.",
            ),
        ),
    ),
    needs="Task Management",
)
