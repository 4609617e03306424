def redirect_moved_articles(get_response):
    return get_response
