"""What is written in sections: drafts that are never lost, and the page that checks them."""
