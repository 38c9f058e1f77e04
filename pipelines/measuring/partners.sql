-- Prepared tables about partners that need several facts, after those of views.sql: months agreed and spent, who publishes with us, who ranks
-- where, how partners compare. See pipelines/measuring/tables.py.

-- Months that agreements in force give for students, by partner and direction. agreed: the months of the year where the agreement states them,
-- else places times months per place. realised: participants times days over 30; 0 where that year's mobility was handed in and none went,
-- null where it was not or a stay does not tell its length.
create or replace table core.month_use as
with offered as (
  select institution, academic_year, partner_key, min(partner) as partner, min(country) as country, direction, sum(months_agreed) as agreed,
         if(bool_or(status = 'provisional'), 'provisional', 'final') as status, min(series) as series, min(file) as file, min(sheet) as sheet,
         min("row") as "row", min(col) as col
  from (select *, coalesce(months_out, quota_out * months) as agreed_out, coalesce(months_in, quota_in * months) as agreed_in
        from core.agreement_years where in_force and domestic is not true)
       unpivot (months_agreed for direction in (agreed_out as 'out', agreed_in as 'in'))
  where months_agreed > 0
  group by all
), told as (
  select institution, academic_year, direction from core.mobility
  where role = 'student' and partner is not null and participants is not null group by all
), moved as (
  select institution, academic_year, core.partner_key(institution, partner) as partner_key, direction, true as met,
         if(bool_and(participants is not null and days is not null), sum(participants * days) / 30, null) as months
  from core.mobility
  where role = 'student' and partner is not null and domestic is not true and mode is distinct from 'virtual' and participants is distinct from 0
  group by all
)
select offered.*, case when told.institution is not null then if(moved.met, moved.months, 0) end as realised
from offered
left join told using (institution, academic_year, direction)
left join moved using (institution, academic_year, partner_key, direction);

-- An institution abroad with joint publications in the five years that end with this one. Only years of which all five were handed in.
create or replace table core.publication_partners as
with joint as (
  select joint_publications.* replace (partners.partner as partner), partner_key
  from core.joint_publications
  join core.partners on partners.institution = joint_publications.institution and partners.written = joint_publications.partner
  where international and core.is_place(joint_publications.country) and publications is not null
), told as (
  select distinct institution, academic_year from joint
), whole as (
  select later.institution, later.academic_year
  from told as later join told as one on one.institution = later.institution and one.academic_year between later.academic_year - 4 and later.academic_year
  group by all having count(*) = 5
)
select whole.institution, whole.academic_year, joint.partner_key, joint.country, min(joint.partner) as partner, sum(joint.publications) as publications,
       if(bool_or(joint.status = 'provisional'), 'provisional', 'final') as status, min(joint.series) as series, min(joint.file) as file,
       min(joint.sheet) as sheet, min(joint."row") as "row", min(joint.col) as col
from whole
join joint on joint.institution = whole.institution and joint.academic_year between whole.academic_year - 4 and whole.academic_year
group by whole.institution, whole.academic_year, joint.partner_key, joint.country;

-- The institution's own scores: of a ranking the newest edition counted to a year, of surveys all.
create or replace table core.own_scores as
select * from core.scores where partner is null
qualify scheme = 'survey'
     or row_number() over (partition by institution, academic_year, scheme, criterion, direction order by coalesce(edition, '') desc) = 1;

-- A partner with an active international agreement. second_rank: two of ARWU, QS and THE rank it there or better; ranked: whether any partner's
-- rank was handed in for the year. score: the mean of its z-scores (population standard deviation, over the active partners of the year) in
-- mobilities, joint publications, running projects and joint programmes, to one decimal; a number that is the same for all partners is left
-- out; of fewer than two numbers, or without mobility with any of them, there is no score.
create or replace table core.active_partners as
with active as (
  select institution, academic_year, partner_key, min(partner) as partner, min(country) as country,
         if(bool_or(status = 'provisional'), 'provisional', 'final') as status, min(series) as series, min(file) as file, min(sheet) as sheet,
         min("row") as "row", min(col) as col
  from core.agreement_years where active and domestic is not true and partner_key is not null
  group by institution, academic_year, partner_key
), published as (
  select institution, academic_year, core.partner_key(institution, partner) as partner_key, sum(publications) as publications
  from core.joint_publications where international is distinct from false and partner is not null group by all
), joined as (
  select institution, academic_year, partner_key, count(*) filter (where kind = 'project') as projects,
         count(*) filter (where kind = 'joint_programme') as joint_programmes
  from core.activity_years where partner_key is not null and kind in ('project', 'joint_programme') group by all
), places as (
  select institution, academic_year, core.partner_key(institution, partner) as partner_key, scheme, min("rank") as place
  from (select * from core.scores
        where partner is not null and criterion = 'overall' and scheme in ('arwu', 'qs', 'the') and "rank" is not null
        qualify coalesce(edition, '') = max(coalesce(edition, '')) over (partition by institution, academic_year, scheme)) as newest
  group by all
), ranks as (
  select institution, academic_year, partner_key, list_sort(list(place))[2] as second_rank from places group by all
), ranked as (
  select distinct institution, academic_year, true as ranked from places
), counted as (
  select active.*, coalesce(outgoing, 0) + coalesce(incoming, 0) as mobilities, coalesce(publications, 0) as publications,
         coalesce(projects, 0) as projects, coalesce(joint_programmes, 0) as joint_programmes, second_rank, coalesce(ranked, false) as ranked
  from active
  left join core.partner_years as moved using (institution, academic_year, partner_key)
  left join published using (institution, academic_year, partner_key)
  left join joined using (institution, academic_year, partner_key)
  left join ranks using (institution, academic_year, partner_key)
  left join ranked using (institution, academic_year)
), compared as (
  select *, [(mobilities - avg(mobilities) over same) / nullif(stddev_pop(mobilities) over same, 0),
             (publications - avg(publications) over same) / nullif(stddev_pop(publications) over same, 0),
             (projects - avg(projects) over same) / nullif(stddev_pop(projects) over same, 0),
             (joint_programmes - avg(joint_programmes) over same) / nullif(stddev_pop(joint_programmes) over same, 0)] as distances,
         bool_or(mobilities > 0) over same as moving
  from counted window same as (partition by institution, academic_year)
)
select * exclude (distances, moving), if(moving and list_count(distances) >= 2, round(list_avg(distances), 1), null) as score from compared;
