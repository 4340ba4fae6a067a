/*
 * Moves between towns: three towns, two residents, the national copy.
 *
 * What stands in a register, what is on its way, what the nation believes. Letters of one town to one receiver come
 * once and in order (docs/protocols/letters.md); between towns any order is possible, and a day may pass at any
 * moment. The guards are those of rules/register and rules/identity/acceptance.py, named beside each step.
 *
 * Search it:  spin -a moves.pml && gcc -w -O1 -DSAFETY -o pan pan.c && ./pan -m20000 -w24
 * with -DMOVES=3 -DMOVES_OF_SECOND=0 -DDAYS=3, or another size, behind spin.
 *
 * Law: 住民基本台帳法 第9条第1項, 第22条, 第24条, 第30条の6; 施行令 第8条.
 */
#define TOWNS 3
#define PEOPLE 2
#ifndef MOVES
#define MOVES 2          /* how often the first resident sets out */
#endif
#ifndef MOVES_OF_SECOND
#define MOVES_OF_SECOND 1
#endif
#ifndef DAYS
#define DAYS 3
#endif
#define NOBODY 7

typedef Row {                    /* one resident in one town's register */
    bool living;
    bool scheduled;              /* 転出予定 */
    unsigned due : 3;            /* the scheduled day */
    unsigned since : 3;          /* resident_since */
    unsigned waiting : 2;        /* reports that wait for a person */
    unsigned reported : 3;       /* the day that the newest of them names */
    unsigned sequence : 5        /* 更新順序, counted on after the record was struck */
};
typedef Town { Row row[PEOPLE] };
typedef Copy {                   /* what the nation keeps of one resident */
    unsigned holder : 2;
    bool living;
    bool entry;
    unsigned sequence : 5;
    unsigned day : 3
};
typedef Certificate {            /* 転出証明書 in the resident's hand */
    unsigned origin : 3;
    unsigned sequence : 5
};

Town town[TOWNS];
Copy nation[PEOPLE];
Certificate hand[PEOPLE];
byte set_out[PEOPLE];
byte on_its_way[PEOPLE];         /* letters about a resident that nobody has handled */
byte queue[PEOPLE];              /* reports that wait for a person */
byte home[PEOPLE];               /* where the resident really lives: only a person can find out */
byte today = 1;
byte t, p, day, sequence;        /* of the step at work; zero between steps */
bool entry, ahead, level;

chan upward[TOWNS] = [6] of { byte, bool, byte, byte };   /* person, entry?, sequence, day of the change */
chan report[TOWNS] = [4] of { byte, byte };               /* person, moved in on; to the town left behind */

#ifdef ENTERS_WHOEVER_LIVES_HERE
#define NOT_HERE true
#else
#define NOT_HERE !ROW.living
#endif
#define ROW town[t].row[p]
#define LIVES (town[0].row[p].living + town[1].row[p].living + town[2].row[p].living)
#define QUIET (on_its_way[p] == 0 && queue[p] == 0)

inline tell_nation(is_entry, on) {
    assert(nfull(upward[t]));
    upward[t]!p,is_entry,ROW.sequence,on;
    on_its_way[p]++
}

inline strike(on) {
    ROW.living = false;
    ROW.scheduled = false;
    ROW.sequence = ROW.sequence + 1;
    tell_nation(false, on)
}

inline take_certificate() {
    hand[p].origin = t;
    hand[p].sequence = ROW.sequence;
    set_out[p]++
}

/* What one clerk of town t may do for resident p. */
inline clerk() {
    if
    :: ROW.living && !ROW.scheduled && hand[p].origin == NOBODY && set_out[p] < (p == 0 -> MOVES : MOVES_OF_SECOND) ->
        ROW.sequence = ROW.sequence + 1;
        if
        :: today < DAYS ->                                    /* move_out._schedule */
            ROW.scheduled = true;
            ROW.due = today + 1
        :: true ->                                            /* move_out.draft_move_out, the day has come */
            ROW.living = false;
            tell_nation(false, today)
        fi;
        take_certificate()
    :: ROW.living && ROW.scheduled && hand[p].origin == t ->  /* 転出取消 */
        ROW.scheduled = false;
        ROW.sequence = ROW.sequence + 1;
        hand[p].origin = NOBODY
    :: ROW.living && ROW.scheduled && ROW.due <= today ->     /* move_out.draft_due */
        strike(ROW.due)
    :: NOT_HERE && hand[p].origin != NOBODY && hand[p].origin != t ->     /* move_in.draft_move_in, arrival.arrive */
        if
        :: hand[p].sequence > ROW.sequence -> ROW.sequence = hand[p].sequence
        :: else
        fi;
#ifdef FORGETS_THE_CERTIFICATE
        ROW.sequence = 0;
#endif
        ROW.sequence = ROW.sequence + 1;
        ROW.living = true;
        ROW.since = today;
        home[p] = t;
        tell_nation(true, today);
#ifndef REPORTS_TO_NOBODY
        assert(nfull(report[hand[p].origin]));
        report[hand[p].origin]!p,today;
        on_its_way[p]++;
#endif
        hand[p].origin = NOBODY
    :: else
    fi
}

/* move_out.meaning_of_report at town t */
inline registry() {
    report[t]?p,day;
    on_its_way[p]--;
    if
    :: !ROW.living                                            /* already struck */
#ifndef STRIKES_WHOEVER_CAME_BACK
    :: ROW.living && day < ROW.since                          /* about an earlier stay */
    :: ROW.living && day > ROW.since && ROW.scheduled ->
#else
    :: ROW.living && ROW.scheduled ->
#endif
        if
        :: ROW.due < day -> day = ROW.due
        :: else
        fi;
        assert(home[p] != t);                                 /* nobody is struck where he lives before the day */
        strike(day)
#ifndef STRIKES_WHOEVER_CAME_BACK
    :: ROW.living && day >= ROW.since && !(day > ROW.since && ROW.scheduled) ->
#else
    :: ROW.living && !ROW.scheduled ->
#endif
        queue[p]++;
        ROW.waiting = ROW.waiting + 1;
        ROW.reported = day
    fi
}

/* Whoever works on the queue finds out where the resident lives, and strikes the register that is wrong. */
inline person() {
    if
    :: ROW.waiting > 0 ->
        ROW.waiting = ROW.waiting - 1;
        queue[p]--;
        if
        :: ROW.living && home[p] != t -> strike(ROW.reported)
        :: else
        fi
    :: else
    fi
}

/* acceptance.accept_above: the nation hears town t */
inline national() {
    upward[t]?p,entry,sequence,day;
    on_its_way[p]--;
    ahead = sequence > nation[p].sequence;
    level = sequence == nation[p].sequence;
    if
#ifdef NATION_HEARS_WHOEVER_SPEAKS
    :: true ->
#else
    :: nation[p].holder == t && ahead ||
       nation[p].holder != t && entry && (ahead || day > nation[p].day ||
       !nation[p].living && day >= nation[p].day || level && !nation[p].entry) ->
#endif
        nation[p].holder = t;
        nation[p].living = entry;
        nation[p].entry = entry;
        nation[p].sequence = sequence;
        nation[p].day = day
#ifndef NATION_HEARS_WHOEVER_SPEAKS
    :: else                                                   /* repeated or overtaken */
#endif
    fi
}

inline check() {
    /* never in two registers without a letter on its way or a person who looks into it */
    assert(LIVES <= 1 || !QUIET);
    /* never in none without the certificate in hand */
    assert(LIVES >= 1 || hand[p].origin != NOBODY);
    /* when nothing is on its way, the nation believes what the registers say */
    assert(!QUIET || nation[p].living == LIVES);
    assert(!QUIET || LIVES == 0 || town[nation[p].holder].row[p].living);
    t = 0; p = 0; day = 0; sequence = 0; entry = false; ahead = false; level = false
}

active proctype World() {
    d_step {
        p = 0;
        do
        :: p < PEOPLE ->
            hand[p].origin = NOBODY;
            t = p;
            ROW.living = true;
            ROW.sequence = 1;
            home[p] = p;
            nation[p].holder = p;
            nation[p].living = true;
            nation[p].entry = true;
            nation[p].sequence = 1;
            p++
        :: else -> break
        od
    }
end:
    do
    :: atomic { t = 0; p = 0; clerk(); check() }
    :: atomic { t = 1; p = 0; clerk(); check() }
    :: atomic { t = 2; p = 0; clerk(); check() }
    :: atomic { t = 0; p = 1; clerk(); check() }
    :: atomic { t = 1; p = 1; clerk(); check() }
    :: atomic { t = 2; p = 1; clerk(); check() }
    :: atomic { nempty(report[0]) -> t = 0; registry(); check() }
    :: atomic { nempty(report[1]) -> t = 1; registry(); check() }
    :: atomic { nempty(report[2]) -> t = 2; registry(); check() }
    :: atomic { t = 0; p = 0; person(); check() }
    :: atomic { t = 0; p = 1; person(); check() }
    :: atomic { t = 1; p = 0; person(); check() }
    :: atomic { t = 1; p = 1; person(); check() }
    :: atomic { t = 2; p = 0; person(); check() }
    :: atomic { t = 2; p = 1; person(); check() }
    :: atomic { nempty(upward[0]) -> t = 0; national(); check() }
    :: atomic { nempty(upward[1]) -> t = 1; national(); check() }
    :: atomic { nempty(upward[2]) -> t = 2; national(); check() }
    :: atomic { today < DAYS -> today++ }
    od
}
