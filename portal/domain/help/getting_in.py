"""Questions about the portal itself and about getting in."""

from portal.domain.help.content import Question, Section

STARTED = Section(
    "getting-started",
    "Getting started",
    (
        Question(
            "What is the Patient Portal?",
            "It is your personal online access to {practice}: your forms and your details, kept in one place "
            "and open to "
            "you day and night.",
        ),
        Question(
            "How do I access the Patient Portal?",
            "Open this portal's address in your browser. The link is in your appointment confirmation email, "
            "too. Keep it "
            "as a bookmark or put it on your home screen.",
        ),
        Question(
            "Is there a Patient Portal app?",
            "The portal works in your web browser on any device: phone, tablet or computer. There is nothing to "
            "download.",
        ),
        Question(
            "What do I need to log in?",
            "One of the two that we have on file for you:",
            (
                "your phone number and a one-time passcode that we text to it, or",
                "your email address and a one-time passcode that we email to it.",
            ),
        ),
        Question(
            "Is the Patient Portal secure?",
            "Yes.",
            (
                "The connection between your device and the portal is encrypted.",
                "Each log-in takes a fresh one-time passcode; there is no password that could be stolen.",
                "Your contacts, messages and documents are stored encrypted.",
                "You are logged out after a short time without activity, and My Profile shows where you are logged in.",
            ),
        ),
    ),
)

GETTING_IN = Section(
    "getting-in",
    "Logging in and your account",
    (
        Question(
            "How do I log in for the first time?",
            "If you are an existing patient:",
            (
                "Open the log-in page.",
                "Enter your phone number, or choose Use email to log in and enter your email address.",
                "Complete the CAPTCHA verification.",
                "Choose Send OTP.",
                "Check your phone or email for the one-time passcode.",
                "Enter the passcode. You are in.",
            ),
            ordered=True,
            closing="If you are new, choose Sign Up on the log-in page and complete the New Client Registration. You "
            "can log in immediately.",
        ),
        Question(
            "I didn't receive my one-time passcode. What should I do?",
            "For a passcode by text:",
            (
                "Wait a minute or two; sometimes there is a delay.",
                "Check that you entered your phone number correctly.",
                "Make sure your phone can receive text messages.",
                "Check if messages from unknown numbers are blocked.",
                "Choose Resend to request a new code.",
                "Choose Try another way, or Use email to log in.",
                "For a passcode by email: check your spam or junk folder, and that you entered your address correctly.",
                "Add {sender} to your safe sender list: it is the address our passcodes come from.",
            ),
        ),
        Question(
            "The code isn't working. What's wrong?",
            points=(
                "Enter the most recent code. Older codes stop working as soon as a new one is sent.",
                "Enter the six digits exactly as shown. Spaces are not part of the code.",
                "A code works once, for 10 minutes. Choose Resend if yours has expired.",
                "After five wrong tries a code stops working. Choose Resend for a new one.",
                "Choose Try another way to switch between text and email.",
            ),
        ),
        Question(
            "I don't have the phone number or email on file. What do I do?",
            "Our front desk can look up which phone and email are registered for you, update them, and help you "
            "back in.",
            call=True,
        ),
        Question(
            "Can I change the phone number or email I log in with?",
            "Yes. Once you are logged in:",
            (
                "Choose your name at the top right.",
                "Open My Profile.",
                "Change your phone number or email address.",
                "Choose Save, and enter the code that we send to the new one.",
            ),
            ordered=True,
            closing="From then on you log in with the new one, and we tell the old one about it.",
        ),
        Question(
            "Do I need to create a new account for this portal?",
            "No. If you are a patient already, your account is here. Log in with the phone number or email "
            "address that we "
            "have on file for you.",
        ),
        Question(
            "Several of us share one phone number. Can we all use it?",
            "Yes. After the code, choose who you are and confirm your date of birth. Each person reaches only "
            "their own "
            "record.",
        ),
        Question(
            "My child is a patient. Who logs in?",
            "For a patient under 18, the parent or guardian on file logs in with their own phone or email, and "
            "signs for "
            "the child.",
        ),
        Question(
            "I forgot my password. How do I reset it?",
            "There are no passwords. Each time you log in, you receive a fresh code by text or email.",
        ),
    ),
)
