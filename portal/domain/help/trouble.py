"""Questions for when something does not work."""

from portal.domain.help.content import Question, Section

TECHNICAL = Section(
    "technical",
    "Technical questions",
    (
        Question(
            "The portal isn't loading. What should I do?",
            points=(
                "Check your internet connection: try another website.",
                "Refresh the page: Ctrl+R on Windows, Cmd+R on a Mac, pull down on a phone. You stay where you are.",
                "Clear your browser's cache; search for \"clear cache\" and your browser's name.",
                "Try another browser. Chrome, Safari, Firefox and Edge all work well.",
                "Try a private window: it shows if an extension is in the way.",
                "Restart your device.",
            ),
            ordered=True,
        ),
        Question(
            "Something isn't working correctly. What should I do?",
            points=(
                "Log out and log back in.",
                "Clear your browser's cache and cookies.",
                "Try another browser or device.",
                "Update your browser.",
                "Switch off browser extensions for a moment.",
                "Call us if it goes on.",
            ),
            ordered=True,
            call=True,
        ),
        Question(
            "Can I use the portal on my phone?",
            "Yes: on iPhone and iPad, on Android phones and tablets, on any device with a web browser, upright "
            "or sideways.",
        ),
        Question(
            "The portal looks strange on my phone. What's wrong?",
            points=(
                "Use a current browser (Chrome, Safari, Firefox or Edge) and update it.",
                "Turn your phone upright or sideways.",
                "Clear your browser's cache.",
                "Zoom in or out if the text is too small or too large.",
            ),
        ),
        Question(
            "I'm seeing an error message. What should I do?",
            "Note the message and its reference code, such as LM-7Q4K-2291: with it we can find out what "
            "happened. Tell us "
            "what you were trying to do, and on which device and browser.",
            call=True,
        ),
    ),
)

STILL = Section(
    "still-need-help",
    "Still need help?",
    (
        Question("Who do I contact?", "Call {practice}, or visit the front desk. We are glad to help.", call=True),
        Question(
            "Where can I learn more?",
            "Look around the portal at your own pace, or ask us for a quick tour at your next visit.",
        ),
    ),
)
