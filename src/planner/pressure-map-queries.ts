import type { Connection } from '../database/connection.ts';

export interface MapCell {
  readonly source: string;
  readonly name: string | null;
  readonly day: string;
  readonly messages: number;
}

/** Messages by day and source: those that left or were left out by lot since a moment, and those planned until a day. */
export function selectMessagesByDay(
  { raw }: Connection,
  span: { readonly from: Date; readonly today: string; readonly until: string; readonly timeZone: string },
): Promise<MapCell[]> {
  return raw<MapCell[]>`
    with counted as (
      select source, category_id, campaign_id, (released_at at time zone ${span.timeZone})::date as day, count(*) as messages
      from message where released_at >= ${span.from} and class in ('care', 'promotion', 'promise') group by 1, 2, 3, 4
      union all
      select source, category_id, campaign_id, ${span.today}::date, count(*) from message where plan_day = ${span.today} and status in ('planned', 'approved', 'sending') group by 1, 2, 3
      union all
      select source, category_id, campaign_id, planned_for, count(*) from planned_slot where planned_for <= ${span.until} group by 1, 2, 3, 4)
    select c.source, coalesce(k.name, n.name) as name, c.day, sum(c.messages)::integer as messages from counted c
    left join category k on k.category_id = c.category_id left join campaign n on n.campaign_id = c.campaign_id
    group by c.source, coalesce(k.name, n.name), c.day order by c.day`;
}

/** How many people had so many messages since a moment; `most` or more are one. */
export function selectPeopleByMessages(
  { raw }: Connection,
  since: Date,
  most: number,
): Promise<{ messages: number; people: number }[]> {
  return raw<{ messages: number; people: number }[]>`
    select least(messages, ${most})::integer as messages, count(*) as people
    from (select contact_id, count(*) as messages from message where released_at >= ${since} and class in ('care', 'promotion', 'promise') group by contact_id) m
    group by 1 order by 1`;
}
