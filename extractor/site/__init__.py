"""A store as a static web site: linked pages for any web server or folder, no script needed to read them."""
