"""What may be published: figures rounded or suppressed so that nobody can work out small numbers of children, and the
audit that tries to.
"""
