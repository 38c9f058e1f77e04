-- Prepared tables for formulas that need more than one fact. Run inside the build of a version, after core.<source> exist and
-- core.calendar (as_of), core.regions (country, region) and core.partners (see measuring/partners.py) are
-- filled; run again whenever a source is looked at through another series.
-- Tables, not views, where many indicators ask the same: the database is read-only afterwards. See pipelines/measuring/tables.py.
-- An academic year begins on 1 September; its reference date is 31 August after it, or as_of when that comes first.

create or replace macro core.academic(day) as (year(day) - (month(day) < 9)::int)::int;
-- Where an agreement stands on a day: the one place that says it. The dates decide; the office's word only where they are silent: a draft
-- is none yet, and "terminated" with an end in the future ended before that, on a day nobody told, so it counts from the running year on.
create or replace macro core.agreement_stage(word, starts, ends, renewed, day, running) as case
  when word = 'draft' then 'draft'
  when word = 'terminated' and (ends is null or ends < day or running) then 'terminated'
  when word = 'expired' and ends is null then 'expired'
  when starts > day then 'signed'
  when ends < day then if(renewed, 'renewed', 'expired')
  when ends <= day + interval 365 day and not renewed then 'expiring'
  else 'active' end;
create or replace macro core.is_language_school(unit) as
  coalesce(regexp_matches(lower(strip_accents(unit)), 'yabanc[iı] diller|foreign languages'), false);
create or replace macro core.is_priority(whose, place) as
  (whose || ' ' || place in (select aim.who || ' ' || aim.country from core.priority_countries as aim));
create or replace macro core.region_target(whose, place) as
  coalesce((select max(aim.share) from core.region_targets as aim where aim.who = whose and aim.region = place), 0);
create or replace macro core.partner_key(who, name) as (select any_value(n.partner_key) from core.partners as n where n.institution = who and n.written = name);
create or replace macro core.is_place(country) as (country is not null and country not in ('XXX', 'XXA', 'XXF'));

create or replace table core.years as
select y.year::int as academic_year, make_date(y.year::int, 9, 1) as first_day, least(make_date(y.year::int + 1, 8, 31), as_of) as reference,
       as_of < make_date(y.year::int + 1, 8, 31) as running
from core.calendar, unnest(range(core.academic(as_of) - 14, core.academic(as_of) + 1)) as y(year);

-- Published numbers of one year. The same number often stands there as a total, by unit, by level …: never to be added to each other. Which of
-- the breakdowns (programme 1, level 2, unit 4, country 8, detail 32) a row carries is its own grain. A row that is as large as the finer rows
-- below it is their total and keeps its own grain; any other row joins the finest table around it (its level was just not told). "grain" names
-- the table a row belongs to, "complete" whether that table reaches nine tenths of the largest one.
create or replace table core.measures as
with rows as (
  select institution, year_from as academic_year, measure, programme, level, unit, country, detail, value, currency, "precision", domestic,
         status, series, file, sheet, "row", col, row_number() over () as number,
         (programme is not null)::int + 2 * (level is not null)::int + 4 * (unit is not null)::int + 8 * (country is not null)::int
           + 32 * (detail is not null)::int as own
  from core.yearly_figures
  where coalesce(year_to, year_from) = year_from and not regexp_full_match(measure, '[A-H][0-9]{2}')
), grains as (
  select institution, academic_year, measure, own, sum(value) as total from rows group by all
), nested as (
  select institution, academic_year, measure, coarse.own as coarse, fine.own as fine, fine.total
  from grains as coarse join grains as fine using (institution, academic_year, measure)
  where coarse.own & fine.own = coarse.own and coarse.own <> fine.own
), finer as (
  select institution, academic_year, measure, coarse, fine, if(coarse & 1 > 0, programme, null) as programme, if(coarse & 2 > 0, level, null) as level,
         if(coarse & 4 > 0, unit, null) as unit, if(coarse & 8 > 0, country, null) as country, if(coarse & 32 > 0, detail, null) as detail,
         sum(value) as total
  from rows join nested using (institution, academic_year, measure) where rows.own = nested.fine group by all
), totals as (
  select distinct number
  from rows join finer using (institution, academic_year, measure)
  where rows.own = finer.coarse and rows.value >= 0.9 * finer.total and rows.programme is not distinct from finer.programme
    and rows.level is not distinct from finer.level and rows.unit is not distinct from finer.unit
    and rows.country is not distinct from finer.country and rows.detail is not distinct from finer.detail
), homes as (
  select institution, academic_year, measure, coarse as own, arg_max(fine, bit_count(fine)::int * 1e15 + coalesce(nested.total, 0)) as home
  from nested group by all
), placed as (
  select rows.*, if(totals.number is null, coalesce(homes.home, rows.own), rows.own) as grain
  from rows left join totals using (number) left join homes using (institution, academic_year, measure, own)
)
select * exclude (number, own), 1 as preference,
       coalesce(tabulated >= 0.9 * max(tabulated) over (partition by institution, academic_year, measure), false) as complete
from (select *, sum(value) over (partition by institution, academic_year, measure, grain) as tabulated from placed);

-- The tables of core.measures, and those of core.population: a country distribution counts as whole only where it holds home nationals; else
-- the yearly figure of the group does. A question needs some breakdowns (a sum of the numbers above, gender 16); of each measure and year one
-- table answers it. "serves": the questions a table answers, bit n for the need n.
create or replace table core.grains as
with told as (
  select distinct 'measures' as of, institution, academic_year, measure, preference, complete, grain from core.measures
  union all
  select distinct 'population', institution, academic_year, measure, preference, complete, grain from core.measures
  union all
  select 'population', institution, academic_year, "group", 0, true,
         bit_or(2 * (level is not null)::int + 4 * (unit is not null)::int + 8 + 16 * (gender is not null)::int)
  from core.country_distribution
  group by institution, academic_year, "group"
  having bool_or(international = false and core.is_place(country))
), chosen as (
  select * from told, (select unnest(range(32)) as need) where grain & need = need
  qualify row_number() over (partition by of, institution, academic_year, measure, need
                             order by preference, grain <> 0, not complete, bit_count(grain), grain) = 1
)
select told.*, coalesce(bit_or(1::bigint << need), 0) as serves
from told left join chosen using (of, institution, academic_year, measure, preference, complete, grain) group by all;

create or replace table core.measures as
select rows.*, serves
from core.measures as rows join (from core.grains where of = 'measures') using (institution, academic_year, measure, preference, complete, grain);

create or replace view core.population as
select rows.institution, rows.academic_year, "group", level, country, unit, gender, headcount, null::varchar as "precision", status, series,
       file, sheet, "row", col, measure, preference, complete, grain, serves
from core.country_distribution as rows
join core.grains as whole
  on whole.institution = rows.institution and whole.academic_year = rows.academic_year and measure = "group" and of = 'population' and preference = 0
union all by name
select institution, academic_year, measure as "group", level, country, unit, value as headcount, "precision", status, series, file, sheet, "row", col,
       measure, preference, complete, grain, whole.serves
from core.measures join (from core.grains where of = 'population') as whole using (institution, academic_year, measure, preference, complete, grain);

-- Every agreement in each academic year from its signature on, drafts too, with its stage on the reference day and what follows on it.
create or replace table core.register_years as
with known as (
  select agreements.* replace (coalesce(partners.partner, agreements.partner) as partner), agreements.partner as written, partner_key,
         row_number() over () as number, coalesce(stage, 'signed') as word,
         coalesce(stage, 'signed') in ('terminated', 'expired') and ends is null as over_unknown
  from core.agreements left join core.partners on partners.institution = agreements.institution and partners.written = agreements.partner
  where starts is not null or stage = 'draft'
), followed as (
  select old.number, new.agreement as successor, new.starts
  from known old join known new on new.institution = old.institution and new.renews = old.agreement
  where new.number <> old.number and new.word <> 'draft'
  union all
  select old.number, new.agreement, new.starts
  from known old
  join known new on new.institution = old.institution and new.partner_key = old.partner_key and new.kind is not distinct from old.kind
                and new.unit is not distinct from old.unit
  where new.number <> old.number and new.word <> 'draft' and new.starts > old.starts and new.starts <= old.ends + interval 180 day
    and coalesce(new.ends, date '9999-12-31') > old.ends
), succeeded as (
  select number, arg_min(successor, (starts, successor)) as successor from followed group by number
), told as (
  select distinct institution, academic_year + later.n as academic_year
  from core.mobility, (values (0), (1), (2)) as later(n) where partner is not null
), moved as (
  select distinct mobility.institution, academic_year + later.n as academic_year, partner_key
  from core.mobility join core.partners on partners.institution = mobility.institution and partners.written = mobility.partner,
       (values (0), (1), (2)) as later(n)
  where participants is distinct from 0
), dated as (
  select known.*, years.academic_year, years.reference, years.first_day, years.running, succeeded.successor,
         succeeded.number is not null or word = 'renewed' as renewed
  from known left join succeeded using (number) cross join core.calendar
  join core.years as years on core.academic(coalesce(least(signed, starts), starts, as_of)) <= years.academic_year
), judged as (
  select *, core.agreement_stage(word, starts, ends, renewed, reference, running) as standing,
         word <> 'draft' and not over_unknown and starts <= reference and (ends is null or ends >= first_day) as in_force,
         date_diff('day', reference, ends) as days_left,
         word <> 'draft' and core.academic(coalesce(signed, starts)) = academic_year and coalesce(signed, starts) <= reference
           as signed_this_year,
         word <> 'draft' and ends >= first_day and (ends < reference or ends = reference and not running) as expired_this_year
  from dated
), live as (
  select *, standing in ('active', 'expiring') as active from judged
)
select live.* exclude (number, word, over_unknown, first_day, status, running),
       if(running, 'provisional', status) as status,  -- a running year may still change
       active and days_left between 0 and 180 as expiring_180,
       active and days_left between 0 and 365 as expiring_365,
       expired_this_year and not renewed as lapsed,
       case when told.institution is not null then active and moved.institution is not null end as used
from live
left join told on told.institution = live.institution and told.academic_year = live.academic_year
left join moved on moved.institution = live.institution and moved.academic_year = live.academic_year and moved.partner_key = live.partner_key;

-- Those that are there on the reference day: neither drafts nor what is to be signed later in a running year.
create or replace view core.agreement_years as
select * from core.register_years where standing <> 'draft' and coalesce(least(signed, starts), starts) <= reference;

create or replace table core.partner_years as
select mobility.institution, academic_year, min(partners.partner) as partner, partner_key, min(mobility.country) as country,
       sum(participants) filter (where direction = 'out') as outgoing, sum(participants) filter (where direction = 'in') as incoming,
       sum(participants) filter (where direction = 'out' and role = 'student') as students_out,
       sum(participants) filter (where direction = 'in' and role = 'student') as students_in,
       if(bool_or(status = 'provisional'), 'provisional', 'final') as status, min(series) as series, min(file) as file,
       min(sheet) as sheet, min("row") as "row", min(col) as col
from core.mobility join core.partners on partners.institution = mobility.institution and partners.written = mobility.partner
where domestic is not true and mode is distinct from 'virtual'
group by mobility.institution, academic_year, partner_key;

-- A table: "exclude" in the text of a view changes its order when the file is opened again, and the view counts as changed.
create or replace table core.partner_weights as
select * exclude (outgoing, incoming, students_out, students_in), coalesce(outgoing, 0) + coalesce(incoming, 0) as weight from core.partner_years;

create or replace table core.quota_use as
with offered as (
  select institution, academic_year, partner_key, min(partner) as partner, min(country) as country, direction, sum(places) as quota,
         if(bool_or(status = 'provisional'), 'provisional', 'final') as status, min(series) as series, min(file) as file, min(sheet) as sheet,
         min("row") as "row", min(col) as col
  from (select * from core.agreement_years where in_force and domestic is not true)
       unpivot (places for direction in (quota_out as 'out', quota_in as 'in'))
  where places > 0
  group by all
), told as (
  select institution, academic_year, direction from core.mobility
  where role = 'student' and partner is not null and participants is not null group by all
), moved as (
  select institution, academic_year, partner_key, direction, people
  from (select institution, academic_year, partner_key, students_out, students_in from core.partner_years)
       unpivot (people for direction in (students_out as 'out', students_in as 'in'))
)
select offered.*, case when told.institution is not null then coalesce(moved.people, 0) end as realised
from offered
left join told using (institution, academic_year, direction)
left join moved using (institution, academic_year, partner_key, direction);

-- The rows behind country_weights, each with its place.
create or replace view core.country_rows as
select institution, academic_year, if(direction = 'out', 'outgoing', 'incoming') as population, country, programme, unit, level, gender,
       participants as weight, status, series, file, sheet, "row", col, subregion, programme_country, ldc, lmic
from core.mobility left join core.country_groups using (country)
where role = 'student' and domestic is not true and mode is distinct from 'virtual'
union all by name
select institution, academic_year, 'students' as population, country, unit, level, gender, headcount as weight, status, series, file, sheet, "row", col,
       subregion, programme_country, ldc, lmic
from core.country_distribution left join core.country_groups using (country)
where "group" = 'students' and international
union all by name
select institution, academic_year, 'agreements' as population, country, programme, unit, 1 as weight, status, series, file, sheet, "row", col,
       subregion, programme_country, ldc, lmic
from core.agreement_years left join core.country_groups using (country)
where active and domestic is not true;

create or replace table core.country_weights as select * exclude (file, sheet, "row", col) from core.country_rows;

create or replace table core.country_changes as
with present as (
  select institution, academic_year, population, country, min(series) as series, bool_or(status = 'provisional') as provisional
  from core.country_weights where core.is_place(country) and weight > 0 group by all
), known as (
  select distinct institution, academic_year, population from core.country_weights where weight is not null
), pairs as (
  select now.institution, now.academic_year, now.population
  from known as now join known as before using (institution, population) where before.academic_year = now.academic_year - 1
), met as (
  select institution, academic_year, population, country, true as now, false as before, series, provisional from present
  union all
  select institution, academic_year + 1, population, country, false, true, series, provisional from present
)
select institution, academic_year, population, country, bool_or(now) as present, bool_or(now) and not bool_or(before) as newcomer,
       bool_or(before) and not bool_or(now) as lost, if(bool_or(provisional), 'provisional', 'final') as status, min(series) as series
from met join pairs using (institution, academic_year, population)
group by all;

create or replace table core.country_links as
with agreed as (
  select institution, academic_year, country, sum(weight) as agreements, min(series) as series from core.country_weights
  where population = 'agreements' and core.is_place(country) group by institution, academic_year, country
), moved as (
  select institution, academic_year, country, sum(participants) as people, min(series) as series from core.mobility
  where domestic is not true and mode is distinct from 'virtual' and core.is_place(country) and participants is not null
  group by institution, academic_year, country
), both_told as (
  select institution, academic_year from agreed intersect select institution, academic_year from moved
)
select institution, academic_year, country, coalesce(agreements, 0) as agreements, coalesce(people, 0) as people, 'final' as status,
       coalesce(moved.series, agreed.series) as series
from agreed full join moved using (institution, academic_year, country) join both_told using (institution, academic_year);

create or replace table core.units as
with told as (
  select institution, academic_year, null::varchar as unit, value as n, status, series, file, sheet, "row", col from core.measures
  where measure = 'units' and grain = 0 and value is not null
), met as (
  select institution, academic_year, unit, min(series) as series, if(bool_or(status = 'provisional'), 'provisional', 'final') as status,
         min(file) as file, min(sheet) as sheet, min("row") as "row", min(col) as col
  from (
    select institution, academic_year, unit, series, status, file, sheet, "row", col from core.mobility
    union all by name
    select institution, academic_year, unit, series, status, file, sheet, "row", col from core.country_distribution
    union all by name
    select institution, academic_year, unit, series, status, file, sheet, "row", col from core.measures
  )
  where unit is not null group by institution, academic_year, unit
)
select * from told
union all by name
select *, 1 as n from met anti join told using (institution, academic_year);

create or replace table core.activity_years as
with spans as (
  select activities.* replace (coalesce(partners.partner, activities.partner) as partner), partner_key, as_of,
         core.academic("date") as first_year,
         core.academic(coalesce(ends, if(kind in ('membership', 'project', 'programme', 'joint_programme', 'foreign_language_programme',
                                                  'accreditation', 'infrastructure', 'digitalisation'), as_of, "date"))) as last_year
  from core.activities left join core.partners on partners.institution = activities.institution and partners.written = activities.partner,
       core.calendar
)
select spans.* exclude (first_year, last_year, as_of, status), y.year::int as academic_year, y.year = first_year as begins,
       if(y.year = core.academic(as_of) and as_of < make_date(y.year::int + 1, 8, 31), 'provisional', status) as status
from spans, unnest(range(first_year, least(last_year, core.academic(as_of)) + 1)) as y(year);
