"""Everyday English of those who write it here: students, teachers, contractors."""

OPENERS = (
    "Hi everyone|Good morning|Good evening|Dear neighbours|Folks|A note for parents|By the way|"
    "Has anyone heard|Noticed yesterday|Quick question|Just sharing|Funny thing|Good news"
)

CLOSERS = (
    "any thoughts|worth knowing|thanks in advance|that is all|please advise|message me here|"
    "waiting for replies|good luck to all|more tomorrow|feeling great|rather tired of it|let us see"
)

TOPICS = (
    (
        ("the {bus} bus {how}, {who} {wait}", "{at} the {bus} bus {how}"),
        {
            "bus": "number twelve|airport|morning|last evening|station|school|old yellow|"
            "university",
            "how": "was late again|came right on time|is packed|drove past almost empty|"
            "broke down halfway|"
            "changed its route|did not stop|is running again",
            "who": "kids|students|pensioners|oil workers|two nurses|several people|my mother",
            "wait": "waited twenty minutes|froze at the stop|chatted about films|walked home|"
            "called a taxi|lost patience|cheered",
        },
    ),
    (
        ("{good} at the bazaar {price}, sellers say {why}", "looked for {good} {shop}, {result}"),
        {
            "good": "onions|carrots|mutton|potatoes|tomatoes|dried curd|apples|rice|honey|"
            "buckwheat|cherries",
            "price": "got cheaper|cost twice as much|sold out by noon|just arrived|"
            "kept the old price",
            "why": "the road is long|harvest was good|stock must go|delivery slipped|"
            "it is the holiday",
            "shop": "in the corner shop|at the fair|in the new supermarket|at the depot",
            "result": "huge queue|found everything|left with nothing|lucky discount|"
            "bought half a sack",
        },
    ),
    (
        ("{when} {sky}, {advice}", "{at} {when} {sky}"),
        {
            "when": "this morning|after lunch|towards evening|overnight|on Saturday|all week",
            "sky": "it snowed|a blizzard blew in|the sun was out|fog settled|"
            "wind knocked branches down|"
            "drizzle came|pavements iced over|frost hit minus thirty|it warmed up",
            "advice": "dress warmly|drive slowly|keep windows shut|lovely for a walk|"
            "take an umbrella|"
            "gardens need it",
        },
    ),
    (
        ("{club} meets {day}, {level}, {cost}", "{club} {went}, {level}"),
        {
            "club": "speaking club|chess evening|robotics workshop|book circle|running group|"
            "photography course|film night|coding school",
            "day": "on Friday at six|Saturday noon|every Sunday|next week|tomorrow evening",
            "level": "beginners welcome|bring a friend|seats are few|all ages|parents may stay",
            "cost": "free entry|five hundred tenge|first lesson free|bring a book instead",
            "went": "went wonderfully|ran too long|drew a crowd|was half empty|needs volunteers",
        },
    ),
    (
        (
            "found {item} {where}, {mark}, owner please {contact}",
            "lost {item} {where}, {mark}, {contact}",
        ),
        {
            "item": "a bunch of keys|a child's mitten|a black wallet|a student card|glasses|"
            "a red backpack|"
            "a silver earring|a bike pump",
            "where": "in the park|near the stop|in the clinic corridor|by the stadium|"
            "under the bridge|in a taxi",
            "mark": "tied with string|corner torn|coins inside|almost new|has a sticker|"
            "blue ribbon",
            "contact": "write here|ask the guard|describe it|call in at the shop|reward promised",
        },
    ),
    (
        ("selling {goods}, {state}, {sum} thousand, {carry}", "want to buy {goods}, {carry}"),
        {
            "goods": "a pram|a fridge|winter tyres|a desk|two cows|hay bales|a sewing machine|"
            "a sofa|a bicycle|a laptop",
            "state": "good condition|hardly used|needs repair|still boxed|papers in order",
            "sum": "fifteen|twenty|thirty five|seventy|one hundred ten",
            "carry": "can deliver|pick up yourself|no swaps|price negotiable|this week only",
        },
    ),
    (
        ("{firm} needs a {job}, {terms}", "looking for work as a {job}, {terms}"),
        {
            "firm": "the bakery|a building site|the kindergarten|a garage|the canteen|"
            "a dairy farm|the library",
            "job": "cook|driver|tutor|welder|bookkeeper|shop assistant|gardener|vet|plasterer",
            "terms": "shifts|training on the job|hostel provided|meals free|half days possible|"
            "from Thursday",
        },
    ),
    (
        ("cooked {dish} with {add}, {taste}", "how do you make {dish}, is {add} needed"),
        {
            "dish": "baursak|kuyrdak|pumpkin soup|nauryz kozhe|manti|pancakes|plum jam|pilaf",
            "add": "two spoons of honey|raisins|spring onion|sour cream|sesame|garlic|cinnamon",
            "taste": "kids ate it all|needs salt|tastes like home|will repeat|slightly burnt|"
            "guests loved it",
        },
    ),
)
