-- search --
-- A page of hits.
select * from search(
    %(query)s, year => %(year)s, region => %(region)s, level => %(level)s, role => %(role)s,
    hits => %(hits)s, skip => %(skip)s
);
