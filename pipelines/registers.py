"""Single rows that pages and papers list: agreements, activities, partners. People are never listed, only counted elsewhere."""

AGREEMENTS = """
    select agreement, partner, partner_key, written, country, region, kind, programme, unit, signed, starts, ends, days_left, quota_out,
           quota_in, months, standing, successor, active, used, expiring_180, expiring_365, lapsed, domestic, renewed, reference
    from core.register_years left join core.regions using (country)
    where institution = ? and academic_year = ? order by ends nulls last, partner, agreement"""

ACTIVITIES = """
    select date, ends, kind, title, coalesce(p.partner, a.partner) as partner, partner_key, a.country, amount, currency
    from core.activities as a left join core.partners as p on p.institution = a.institution and written = a.partner
    where a.institution = ? order by date desc nulls last, title"""

KNOWN = """
    select partner_key, any_value(partner) as partner, max(country) as country, max(city) as city, max(erasmus_code) as erasmus_code,
           max(pic) as pic, max(oid) as oid, list(distinct written order by written) as written, sum(rows)::int as rows
    from core.partners where institution = ? group by partner_key order by partner"""
