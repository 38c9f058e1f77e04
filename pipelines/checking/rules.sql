-- Words that the rules of expectations share. {day} and {year} are filled by pipelines/checking/prepare.py.

create macro today() as date '{day}';
create macro this_year() as {year};

-- How many times the larger number is the smaller; null where one of them is missing or nothing.
create macro factor(a, b) as greatest(a, b) / nullif(least(a, b), 0);

-- Ten, a hundred or a thousand times, give or take the change that a year may bring: a shifted decimal or a swapped unit.
create macro shifted(a, b) as
    greatest(a, b) >= 30 and least(a, b) > 0
    and (factor(a, b) between 8.5 and 11.5 or factor(a, b) between 85 and 115 or factor(a, b) between 850 and 1150);

-- More than threefold, or down to nothing, and not from a handful: three people after one are no news.
create macro jumped(a, b) as
    greatest(a, b) >= 30 and least(a, b) >= 0 and (least(a, b) = 0 or factor(a, b) > 3) and not coalesce(shifted(a, b), false);
