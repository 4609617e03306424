from django import template

from accounts import links

register = template.Library()


@register.simple_tag
def account_links():
    return links.all_links()
