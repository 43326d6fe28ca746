"""The tables that a plan writes: what every column means."""

from __future__ import annotations

from sufficiency.tables.schema.columns import CELL_OUT, YEAR_OUT, TableSpec, output

_LINE = {"line": "line of places", "setting": "setting"}
_MONEY = {
    "budget_line": "section 251 line",
    "type": "type of setting",
    "fund": "dsg, general_fund or capital",
    "pounds": "cash of the year, undiscounted | £",
}
_PRESENT = "present value in first-plan-year pounds"

MAPS = ("demand", "settings", "gap", "journeys", "place_value")
"""Kinds of maps drawn of a result: what their files begin with."""
OUTPUTS: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        output(
            "placements",
            "Children placed, by year",
            **YEAR_OUT,
            **CELL_OUT,
            **_LINE,
            children="children in the line that year | children",
            entrants="of them, those who enter it that year | children",
        ),
        output(
            "occupancy",
            "Places and children by line",
            **YEAR_OUT,
            **_LINE,
            type="type of setting",
            places="places for the children of the demand table; blank: no limit | places",
            children="children placed | children",
            over="children above the places | children",
            spare="places not filled; blank: no limit | places",
            fill="children ÷ places; blank: no limit or no places | share",
        ),
        output(
            "awaiting",
            "Children awaiting a place",
            **YEAR_OUT,
            **CELL_OUT,
            children="children awaiting | children",
        ),
        output(
            "place_values",
            "What one more place is worth",
            **YEAR_OUT,
            **_LINE,
            pounds="worth of one more place in that year alone: what it saves in fees, journeys and policy weights, "
            "and, where a filled place is paid less than an empty one (`per_empty_place`), that difference once it is "
            f"filled; {_PRESENT}; blank: not known, the plan was stopped | £",
            pounds_from="worth of one more place from that year to the end of the plan, as `pounds` | £",
            net="pounds_from less what the place is paid while it is empty (`per_empty_place`, else `per_place`) in "
            "every year from then on: the whole saving after place funding | £",
            how="`resolved` (solved again with the place added) or `dual` (an upper bound: worth at most that; rough "
            "if stopped)",
            pounds_a_year="pounds_from ÷ the sum of the discount factors from that year to the end (tail_years "
            "included): the same cash amount each year with that present value, to compare values that start in "
            "different years | £/year",
        ),
        output(
            "gaps",
            "Where places are short: each child counted once",
            **YEAR_OUT,
            locality="planning area of the children",
            need="primary need",
            phase="phase",
            demand="children who need a specialist place | children",
            state_places="children in settings of every other type than those of `independent` and `by_pattern`: "
            "state-funded ones, colleges and others; not above the places | children",
            independent="children in bought places, independent and non-maintained, and not above them | children",
            by_pattern="in all provision that is never chosen (continuity.by_pattern), not above it | children",
            awaiting="awaiting a place | children",
            over_places="placed above the places of a line | children",
            shortfall="awaiting + over places + independent for want of a cheaper place of `state_places` | children",
            preferences_missed="children who start or change phase, would follow today's pattern into a school that "
            "is full, and are placed elsewhere | children",
            bought_beside_empty="children who enter a bought place while one that accepts them and would cost less "
            "stays empty, each child and place counted once; summary.json says why | children",
            ordinary_classes="of state_places, in ordinary classes with a package (type mainstream) | children",
            eotas="of by_pattern, in education otherwise than at school: a decision in the plan (Children and Families "
            "Act 2014, s.61) | children",
            home_education="of by_pattern, in elective home education: a parent's choice | children",
        ),
        output(
            "area_gaps",
            "The same shortfall by the area children live in",
            **YEAR_OUT,
            **CELL_OUT,
            demand="children who need a specialist place | children",
            shortfall="as in gaps | children",
        ),
        output(
            "provision",
            "Children by type of provision",
            **YEAR_OUT,
            type="type of setting",
            need="primary need",
            phase="phase",
            children="children placed | children",
            share="of the children of that year, need and phase | share",
        ),
        output(
            "journeys",
            "Journeys of the children placed",
            **YEAR_OUT,
            area="area code",
            phase="phase",
            type="type of setting",
            children="children placed | children",
            mean_km="mean journey one way | km",
            mean_minutes="mean journey one way; EOTAS and home education 0 | minutes",
            over_limit="children whose journey exceeds the limit of their phase | children",
        ),
        output(
            "spend",
            "Spend in academic years, the base year included: a financial year is 5/12 of the year before and 7/12 of "
            "its own, post-16 4/12 and 8/12; capital stands in the year it is paid",
            **YEAR_OUT,
            **_MONEY,
            post_16_pounds="of it, for young people post-16, whose year starts in August | £",
        ),
        output(
            "spend_financial",
            "Spend in financial years, with what the model does not plan",
            financial_year="April in which the financial year starts",
            **_MONEY | {"type": "type of setting; `not_modelled`: the rows of `other_spend`, as they were given"},
        ),
        output(
            "spend_by_area",
            "The same spend by the area children live in. The place that a child fills is paid for that child; what "
            "belongs to no child (empty, imported and reserved places, the running cost and capital of options) stands "
            "with locality and area blank. Adds up to `spend` by year, budget line, type and fund",
            **YEAR_OUT,
            locality="planning area of the children; blank: no child's",
            area="area code; blank: no child's",
            **_MONEY,
        ),
        output(
            "spend_by_need",
            "The same spend by locality, need and phase; what belongs to no child stands with these blank",
            **YEAR_OUT,
            locality="planning area of the children; blank: no child's",
            need="primary need; blank: no child's",
            phase="phase; blank: no child's",
            **_MONEY,
        ),
        output(
            "changes",
            "The plan against doing nothing more (existing commitments only)",
            **YEAR_OUT,
            locality="planning area of the children",
            need="primary need",
            phase="phase",
            from_type="type of setting if we do nothing more",
            to_type="type of setting in the plan",
            children="children | children",
        ),
        output(
            "impact",
            "Who is better and who is worse off: children, journeys and places by group, in the plan, if we do nothing "
            "more, and today",
            **YEAR_OUT,
            projection="plan; unmitigated: do nothing more (existing commitments only); today: the base year",
            group="all; locality, need, phase; imd_quintile, rural: of the area, where the areas table gives them; "
            "type: of setting; transfer: those who look for a place that year, by the phase they are in",
            value="which one: `all`, a code, a quintile (1: the most deprived), yes or no, `awaiting` beside the types "
            "of setting; `unknown`: the area has none",
            children="children of the group, placed or awaiting | children",
            mean_minutes="mean journey one way of those placed; otherwise than at school 0; blank: nobody is | minutes",
            p90_minutes="journey that nine in ten of them do not exceed | minutes",
            over_limit="children whose journey exceeds the limit of their phase | children",
            in_locality="children in a setting of the locality they live in | children",
            in_authority="children in a setting of this authority's area | children",
            in_mainstream_base="children in a resource base | children",
            bought="children in bought places, independent and non-maintained | children",
            off_designation="children in a line that is not designed for their need (match below 1) | children",
            over_places="children above the places of a line | children",
            awaiting="children awaiting a place | children",
            moved_by_closure="children whose line closes that year, who look for a place again (by type: that of the "
            "line they leave); blank: today | children",
            redirected_at_transfer="children who enter a line beyond those following today's pattern, as "
            "`directed_elsewhere` in `measures`; blank: today | children",
            preferences_missed="of them, redirected although the family would ask for a school that is full (by type: "
            "the one asked for); of the plan only | children",
            longer="children whose journey is longer than if we do nothing more, by more than 5 minutes where journeys "
            "come from a table, 10 where they are computed from straight lines. Of an area, need and phase those in "
            "the same line in both are the same children; of the rest the shortest journey is paired with the "
            "shortest. Of the plan only | children",
            shorter="children whose journey is shorter by as much; of the plan only | children",
        ),
        output(
            "impact_options",
            "Who gains by each option that opens: the plan, and the best programme without the option, in the option's "
            "first year with all its places (`full_year` of `options_appraisal`); no rows where no programme without "
            "it was found",
            option="option",
            state="opened: in the plan; left: without it",
            group="as in `impact`, but for transfer",
            value="as in `impact`",
            children="children of the group, placed or awaiting | children",
            mean_minutes="mean journey one way of those placed; blank: nobody is | minutes",
            awaiting="children awaiting a place | children",
        ),
        output(
            "place_funding",
            "What is paid for places, filled or not, in plan years. For the base year see `spend`, from which a "
            "financial year is made",
            **YEAR_OUT,
            budget_line="section 251 line; `recouped`: paid by DfE, out of the grant before the council gets it",
            type="type of setting",
            paid_by="who pays the school: council, or dfe (recouped)",
            places="places commissioned | places",
            empty="of them, places nobody fills | places",
            pounds="cash of the year, undiscounted | £",
            empty_pounds="of it, for places nobody fills | £",
            fixed_pounds="beside it, on the same line: `per_year` of options that are open, and their capital charge, "
            "cash of the year; pounds and fixed_pounds together are what `spend` has for places | £",
        ),
        output(
            "reconciliation",
            "The base year against the council's ledger",
            budget_line="section 251 line",
            model="spend of the base financial year as modelled, with what the model does not plan | £",
            ledger="the rows of `budget` for the base year | £",
            difference="model less ledger | £",
            academic_year="the base academic year in full, with what the model does not plan | £",
            timing="model less academic_year: April to August belong to the academic year before, estimated | £",
        ),
        output(
            "overspend",
            "Budget lines against their budgets, where budget and other_spend are given: cash of the year",
            financial_year="April in which the financial year starts",
            budget_line="section 251 line",
            budget="the rows of `budget`; a line that has none has nothing | £",
            spend="as planned, with other_spend | £",
            over="spend less budget; below 0: under | £",
        ),
        output(
            "monitoring",
            "The council's monitoring forecast beside what is modelled, by budget line, where it is given",
            financial_year="April in which the financial year starts",
            budget_line="section 251 line",
            budget="the rows of `budget` | £",
            forecast="the rows of `monitoring` | £",
            plan="as planned, with other_spend; of the base year as in `reconciliation` | £",
            difference="plan less forecast | £",
        ),
        output(
            "against",
            "The base year beside what an older plan said of it (`plan --against`): spend of the academic year but for "
            "capital, by cause; the rows add up to what is found less what was planned",
            **YEAR_OUT,
            cause="children: more or fewer, at the planned average; mix: of needs and phases; placement: other types "
            "of setting than planned, at planned prices; slippage: of those, children for whom planned places are not "
            "there; price; no_child: empty places and running costs of options",
            need="primary need; blank: all",
            phase="phase; blank: all",
            type="type of setting: of placement and slippage the one that was planned; blank: all",
            children="children more, or fewer, than planned; of placement and slippage, placed otherwise; of price, "
            "all who are there | children",
            pounds="spent more for that cause, cash of the year; below 0: less | £",
        ),
        output(
            "deficit",
            "The Dedicated Schools Grant for high needs: what there is, what is spent, what is carried forward. After "
            "31 March 2028 (financial year 2027) the statutory override on deficits ends and funding is not known: "
            "later years have no balance",
            financial_year="April in which the financial year starts",
            projection="plan, or unmitigated: do nothing more (existing commitments only)",
            available="finance.high_needs_block, else what is budgeted on lines the DSG pays for: all but "
            "finance.transport_budget_line and lines with spend of other funds alone | £",
            spend="on lines the DSG pays for, with other_spend | £",
            in_year="available less spend; below 0: a deficit | £",
            balance="finance.opening_dsg_balance and all years so far; blank: no opening balance, or after financial "
            "year 2027 | £",
            balance_with_grant="the same with the High Needs Stability Grant; blank: not known, or after financial "
            "year 2027 | £",
            interest="interest on the deficit, a cost of the General Fund: finance.dsg_interest × the mean of the "
            "balance at the start and the end of the year, where that is below 0; blank as balance | £",
        ),
        output(
            "measures",
            "The plan beside doing nothing more (existing commitments only), a row a figure",
            period="academic (year), financial (year), or whole (the whole plan; its year is the first)",
            year="year in which the period starts",
            measure="what is counted",
            item="which type of setting, fund or budget line; blank: all",
            unit="children, minutes, km, places, options, share, `£ cash of the year`, `£ cash, added up` (over years, "
            "undiscounted) or `£ present value` in pounds of the first plan year",
            today="in the base year; of `whole`: of the base financial year; blank: no such figure | number",
            plan="under the plan | number",
            unmitigated="do nothing more (existing commitments only); blank: no such figure | number",
        ),
        output(
            "range",
            "What the plan comes to where demand has low and high: every area, need and phase at its low, or at its "
            "high, at once, the same options open, children placed anew. So it is wider than nine cases in ten. Not "
            "there where time was up, or hard rules cannot be kept at one end",
            measure="spend_dsg, spend_general_fund (modelled), overspend (gross), dsg_in_year, dsg_balance",
            financial_year="April in which the financial year starts",
            low="with low demand, cash of the year | £",
            central="in the plan | £",
            high="with high demand | £",
        ),
        output(
            "rules",
            "Policy rules: limit, value and price, each in the rule's own unit: children, or minutes one way",
            rule="name of the rule; of a rule on the mean journey with the locality, as `Short journeys: North`",
            **YEAR_OUT,
            limit="most or least the rule allows: children (a share is turned into children); minutes of the mean "
            "journey or of its fair equivalent | children or minutes",
            value="what the plan comes to, counted as the limit is (in minutes, a child who waits counts with the "
            "longest journey there might be) | children or minutes",
            pounds="saved if the limit were looser by one of its unit in that year: a child more (fewer, for a least "
            "share), a minute more; one percentage point is worth a hundredth of the children the rule speaks of times "
            "as much. Discounted, with policy weights; the dual, so for a small change; blank: not known, the plan was "
            "stopped | £",
            how="saving: `pounds` is what a limit looser by one would save; breach: the rule is missed that year, and "
            "`pounds` is the weight of a breach, no saving",
            per_point="`pounds` for one percentage point of a rule that is a share, at that price; blank: no share | £",
        ),
        output(
            "programme",
            "Options that open",
            option="option",
            setting="setting it is at",
            opens="year in which it opens | September",
            places="places when full (of an option that opens in part, that part) | places",
            capital="capital with contingency, in pounds of the year it opens | £",
            flags="statutory thresholds that it trips; blank: none",
            decided="`committed`: it opens whatever else is chosen (rules.committed); `chosen`: the plan opens it",
            fill_missed="of a committed option, children short of its smallest_fill in the year it is furthest from it "
            "| children",
        ),
        output(
            "options_appraisal",
            "What each option saves, and in which order to commission those that open",
            option="option",
            name="name in words",
            setting="setting it is at",
            type="type of its line",
            opens="year in which it opens; blank: it does not | year",
            part="part of it that opens; 0: it does not | share",
            places="places when full | places",
            capital="capital with contingency, in pounds of the year it opens (neither inflated nor discounted) | £",
            capital_by="ours, or central",
            capital_a_place="capital ÷ places when full | £",
            capital_present_value="our own capital in it (capital × part; 0 where it is central), discounted from the "
            "year it opens as savings are | £",
            order="in which order to commission those that open: by opening year; in a year those without capital of "
            "ours first, by saving, then by saving for each pound of our capital (where saving is blank, by "
            "saving_least) | rank",
            saves_in_order="fall in the cost of the cheapest plan when it opens beside those before it in the order, "
            "all in their years, policy weights included; the column adds up to what the programme saves against "
            f"opening nothing; {_PRESENT}; blank: not known | £",
            saves_in_order_money="of saves_in_order, the money, without policy weights; the column adds up alike | £",
            capital_so_far="our own capital up to it in that order, as in capital | £",
            needed_for="hard rules that no plan keeps without it: it has no saving then; blank: none",
            saving="cost of the best programme without it less that of the plan, to the end of the plan, money and "
            f"policy weights; {_PRESENT}; blank: not known to a tenth | £",
            saving_least="the least it can be, never below 0, for the option could have stayed closed: equal to saving "
            "where that is exact | £",
            saving_most="the most it can be; blank: not known | £",
            saving_money="of saving, the money, without policy weights (saving less saving_money is those); may be "
            f"below 0; {_PRESENT}; blank where saving is blank | £",
            saving_money_least="money that the best programme found without it costs more than the plan, less all that "
            "the search left open (saving as found less saving_least); blank: none was found | £",
            saving_per_pound="saving ÷ capital_present_value; blank: no capital of ours, or saving is blank | £",
            break_even="first year by which the saving so far, money and policy weights, covers capital_present_value "
            "(0 where finance.capital_charge has charged capital to the saving) and covers it in every later year; "
            "where saving is blank, by saving_least, what is left open taken off from the first year on; blank: later "
            "than the plan, or not known (saving_money_least is blank too) | year",
            break_even_money="the same by money alone, without policy weights | year",
            full_year="first year with all its places | year",
            full_year_saving="spend in that year in the best programme without it less that in the plan, all funds, "
            "cash of the year | £",
            full_year_dsg="of it, in the DSG | £",
            flags="statutory thresholds that it trips; blank: none",
            decided="`committed` options have no saving: no plan is without them; `chosen`; blank: it does not open",
        ),
        output(
            "alternatives",
            "The programmes that come next, best first: in each other options open whole, or one that may open in part "
            "does not open",
            programme="rank, 1 the cheapest after the plan | rank",
            option="option that opens in it; blank: none does",
            opens="year in which it opens | year",
            places="places when full | places",
            capital="capital with contingency, in pounds of the year it opens | £",
            costs_more=f"more than the plan, money and policy weights; {_PRESENT}; blank: not known to a tenth | £",
            costs_more_least="the least it can be, never below 0 | £",
            costs_more_most="the most it can be | £",
            costs_more_money="of costs_more, the money, without policy weights; may be below 0; blank where costs_more "
            "is blank | £",
            costs_more_money_least="money that the programme as found costs more, less all that the search left open "
            "(costs_more as found less costs_more_least) | £",
        ),
        output(
            "capital",
            "Capital of the options that open, in the year they open",
            **YEAR_OUT,
            option="option",
            capital_by="ours, or central",
            pounds="capital with contingency, in pounds of that year | £",
        ),
        output(
            "walking",
            "How far children placed would walk, beside the statutory walking distances (Education Act 1996, section "
            "444(5): two miles under the age of eight, else three); with journeys by road only. The distance is that "
            "of the nearest way on foot, which nobody has found safe",
            **YEAR_OUT,
            area="area code",
            phase="phase",
            type="type of setting",
            children="children placed | children",
            mean_walking_km="mean way on foot, one way, of those for whom it is known; blank: of none | km",
            over_two_miles="children who would walk more than two miles | children",
            over_three_miles="of them, those who would walk more than three | children",
            not_known="children of whom it is not known: their setting has no place on the map, or no way leads there "
            "| children",
            beyond_least="children certainly beyond the distance of their age: more than two miles in phases up to "
            "Year 2, more than three in others (Year 3 has both ages); blank: a phase with year groups below Reception "
            "or above Year 11 | children",
            beyond_most="children who may be beyond it: more than three miles in phases from Year 4 on, else more than "
            "two | children",
        ),
        output(
            "bases_first",
            "Children whom no base could take, and why (with the rule bases_first)",
            **YEAR_OUT,
            **CELL_OUT,
            children="children who start or change phase | children",
            why="why no base, open or an option, could take them",
        ),
    )
}
