"""All pages: made on the server, Swedish and English, no script; what they share lies here."""
