"""What a change of the sources changes on the wiki: numbers, figures, pages, translations, as a report to review.

compare.changes_of      the sources against a git revision, and two builds
markdown.comment        as a comment of bounded length
report.write_report     as a folder with the pictures side by side
posting.main            puts the comment below a pull request

The last one runs beside a token and on data that foreign code wrote: what it imports is the standard library, and of
ours what only shows words. So nothing is imported here.
"""
