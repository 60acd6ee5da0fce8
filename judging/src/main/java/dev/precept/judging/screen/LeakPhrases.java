package dev.precept.judging.screen;

import dev.precept.judging.screen.LeakPhrase.Guard;
import dev.precept.judging.screen.LeakPhrase.Part;
import java.util.List;

/**
 * The phrases that betray a text that was handed in. All are matched with sentences in lower case. They were written from
 * the tuning half of the labels; the reference page of the screens has their precision and recall.
 */
final class LeakPhrases {
    private static final String NOUN =
            "(?<noun>polic(?:y|ies)|rules?|guidelines?|clauses?|specification|principles|provisions)";
    private static final String NOUN_DE =
            "(?<noun>regeln?|richtlinien?|klauseln?|vorgaben|grundsätzen?|spezifikation|abschnitten?|auszug|text)";
    private static final String NOUN_ES =
            "(?<noun>políticas?|reglas?|normas?|cláusulas?|directrices|principios|especificación|extracto|texto)";
    private static final String NOUN_ZH = "(?<noun>政策|规则|条款|准则|规范|原则|摘录|节选)";
    private static final String GIVEN =
            "(?:provided|supplied|attached|enclosed|handed|listed|mentioned|shown|presented|pasted)";
    private static final String BE =
            "(?:(?:that|which)\\s)?(?:(?:i\\s)?(?:was|were|is|are|am|have\\sbeen|had\\sbeen|[’']ve\\sbeen)\\s)?";
    /** Words of a request for reasoning by clauses. */
    private static final String META =
            "(?:cit(?:e|es|ing|ation)|clauses?|ids?|polic(?:y|ies)|formatting|headings?|final answer"
                    + "|analysis|delimiters?|safe[- _]complet|refusals?|side information|reasoning)";

    static final List<LeakPhrase> ALL = List.of(
            // "the policies provided", "the rules I was given", "clauses shown"
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "provided|supplied|attached|enclosed|handed|listed|mentioned|shown|presented|pasted",
                    "\\b" + NOUN + "\\s(?:(?:here|just|already|as)\\s)?" + BE + "(?:\\w{2,12}ly\\s)?" + GIVEN
                            + "\\b(?!\\sby\\s(?!the\\s(?:user|system|prompt|request))|\\son\\s(?:its|their|the\\ssite))"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "given",
                    "\\b" + NOUN + "\\s" + BE
                            + "given\\s(?:to\\s(?:me|us)|above|here|below|in\\s(?:the|this|my)\\s(?:prompt|request|message))"
                            + "|\\b(?<noun2>polic(?:y|ies)|rules|clauses|guidelines)\\s(?:that\\s|which\\s)?(?:i\\s(?:was|am|have\\sbeen)"
                            + "|i[’']ve\\sbeen|were|have\\sbeen)\\sgiven\\b"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "provided|given|supplied|attached|listed|mentioned|shown|included|above|aforementioned|enclosed|pasted",
                    "\\b(?:the|these|those|all|any|my|your)\\s(?:provided|given|supplied|attached|listed|mentioned|shown|included"
                            + "|above(?:-?mentioned)?|aforementioned|enclosed|pasted)\\s(?:\\w{2,12}\\s)?" + NOUN
                            + "\\b"),
            // "the guidelines below", "above"
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "above|below|overhead",
                    "\\b" + NOUN + "\\s(?:\\w{1,12}\\s){0,2}?(?:above|below)\\b"
                            + "|\\b(?:above|below),?\\s(?:the|these)\\s(?:\\w{2,12}\\s)?(?<noun2>polic(?:y|ies)|rules|clauses)\\b"),
            // "the text above", for a conversation that holds none
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.TEXT,
                    "text|material|document|passage|list|page",
                    "\\bthe\\s(?:text|material|document|passage|list)\\s(?:above|below|i\\s(?:was|am|have\\sbeen)\\s(?:given|shown)|in\\sfront\\sof\\sme)\\b"
                            + "|\\b(?:top|bottom|end|start|beginning)\\sof\\sthe\\s(?:page|excerpt|list|polic\\w{1,3}|section|document)\\b"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.REASONING,
                    Guard.TEXT,
                    "further|scroll|re-read|reread|rereading|re-reading",
                    "\\bfurther\\s(?:down|up|below|above)\\b|\\bscroll(?:ing|ed|s)?\\s(?:back\\s|up\\s|down\\s|through\\s|to\\s){1,3}"
                            + "(?:\\w{1,12}\\s){0,3}(?:part|section|polic\\w{1,3}|clauses?|rules?|text)\\b"
                            + "|\\bre-?read(?:ing)?\\s(?:\\w{1,12}\\s){0,2}(?:polic\\w{1,3}|clauses?|rules?|excerpt|specification|text)\\b"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "excerpt",
                    "\\b(?:the|this|my)\\s(?:\\w{2,14}\\s){0,2}?(?<noun>excerpt)\\b(?!\\s(?:of|from)\\s(?:the|a|his|her|their)\\s(?:book|novel|song|poem|film|article))"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "text of|wording of",
                    "\\b(?:text|wording)\\sof\\s(?:the|this|these)\\s(?:\\w{2,14}\\s){0,2}" + NOUN + "\\b"),
            // "the clauses in front of me", "I only see rules for", "I was handed"
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.TEXT,
                    "in front of me|before me|i was|i am|i have been|i've been|i’ve been|i see|i only|i can see|i can only",
                    "\\b(?:in\\sfront\\sof|before)\\sme\\b|\\bi(?:\\swas|\\sam|\\shave\\sbeen|[’']ve\\sbeen)\\s(?:only\\s)?(?:given|handed|shown|supplied|provided)\\b"
                            + "|\\bi\\s(?:can\\s)?(?:only\\s)?(?:see|have\\sonly|only\\shave)\\s(?:only\\s)?(?:\\w{2,12}\\s){0,2}?"
                            + "(?:polic(?:y|ies)|rules?|guidelines?|clauses?|sections?|excerpt)\\b"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NONE,
                    "with this|with the|with my",
                    "\\b(?:came|come|comes|sent|arrived|included|attached|supplied|provided)\\s(?:along\\s|together\\s)?with\\s(?:this|the|my)\\s(?:question|prompt|request|task|query)\\b"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "included|provided|attached|supplied|left out",
                    "\\b(?<noun>parts?|sections?|polic(?:y|ies)|clauses?|rules?|definitions?)\\s(?:was|were|is|are)\\s(?:not\\s)?"
                            + "(?:included|provided|attached|supplied|left\\sout)\\b(?!\\s(?:by|in\\sthe\\s(?:price|package)))"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "from",
                    "\\b" + NOUN
                            + "\\s(?:that\\s)?i(?:[’']m|\\sam)\\s(?:working|reading|quoting|citing|going|looking)\\s(?:from|at)\\b"),
            // "the last of the clauses", "the second bullet under that heading", "the one that comes first"
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.REASONING,
                    Guard.NOUN,
                    "first|second|third|fourth|last|next|final",
                    "\\b(?:first|second|third|fourth|last|next|final)\\s(?:(?:one|two|three|bullet|bullets|line|lines|paragraph|entry|item|point|sentence|words?)\\s)?"
                            + "(?:point\\s|line\\s)?(?:of|in|under|on)\\s(?:the|these|that|this)\\s(?:\\w{2,12}\\s)?"
                            + "(?<noun>clauses?|polic(?:y|ies)|rules|excerpt|specification|heading|list)\\b"
                            + "|\\b(?<noun2>clauses?|rules?|polic(?:y|ies)|one)\\sthat\\s(?:comes|stands|is\\slisted)\\s(?:first|second|third|last|next)\\b"),
            // German, Spanish, Chinese
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "vorgelegt|vorliegend|gegebene|bereitgestellt|übergeben|mitgegeben|mitgeschickt|mitgeliefert|oben|obige|unten|beigefügt|genannten|aufgeführt",
                    "\\b(?:mir\\s)?(?:vorgelegten?|vorliegenden?|gegebenen?|bereitgestellten?|übergebenen?|mitgegebenen?|mitgeschickten?"
                            + "|mitgelieferten?|beigefügten?|obigen?|(?:oben|unten)\\s?(?:stehenden?|genannten?|aufgeführten?|zitierten?|gegebenen?))\\s(?:\\p{L}{3,20}\\s){0,1}"
                            + NOUN_DE
                            + "\\b|\\b(?<noun2>regeln|richtlinien|klauseln|vorgaben)\\s(?:oben|unten|hier\\soben|,?\\sdie\\smir\\s(?:\\p{L}{3,20}\\s){0,2}(?:wurden|vorliegen))\\b"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "proporcionad|facilitad|adjunt|arriba|anterior|mencionad|entregad|dad|dieron|dado|recibid",
                    "\\b" + NOUN_ES
                            + "\\s(?:de\\s\\p{L}{3,20}\\s)?(?:que\\s(?:me|se)\\s)?(?:(?:me|se|han|fueron|he)\\s){0,2}"
                            + "(?:proporcionad[oa]s?|facilitad[oa]s?|adjunt[oa]s?|(?:de\\s|más\\s)?arriba|anteriores|mencionad[oa]s?|entregad[oa]s?|dad[oa]s?|dieron|recibid[oa]s?)"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "提供|上述|上面|以上|给出|给我|给定|附上|附带|下面|列出|摘录|节选",
                    "(?:提供|上述|上面|以上|给出|给我|给定|附上|附带|下面|列出)的?(?:这些|那些|\\p{IsHan}{0,4})?" + NOUN_ZH + "|(?<noun2>摘录|节选)"),
            LeakPhrase.of(
                    LeakKind.HANDED_IN,
                    Part.BOTH,
                    Guard.NOUN,
                    "i have here|set of|list of|collection of|收到",
                    "\\b" + NOUN
                            + "\\s(?:that\\s)?i\\shave\\shere\\b|\\b(?:set|list|collection)\\sof\\s(?:\\w{2,12}\\s)?"
                            + "(?<noun2>polic(?:y|ies)|rules|clauses|guidelines)\\s(?:above|here|below|ends|stops|says|has|i\\s(?:was|have))\\b"
                            + "|收到的\\p{IsHan}{0,4}(?<noun3>政策|规则|条款|准则)"),
            // What a user gave who gave nothing
            LeakPhrase.of(
                    LeakKind.USER_GAVE,
                    Part.REASONING,
                    Guard.NOUN,
                    "user|they|their",
                    "\\b(?:the\\suser|they)(?:\\s(?:has|have|also|even|just|here)){0,2}\\s(?:gave|gives?|pasted?|provided?|provides|shared?|sent|sends"
                            + "|attach(?:ed|es)?|supplied|supplies|list(?:ed|s)?|includ(?:ed|es?)|remind(?:s|ed)?|wants?|expects?|asks?|asked|told|tells?)\\s"
                            + "(?:\\S{1,15}\\s){0,7}?(?:(?<noun2>polic(?:y|ies))|safety\\srules|(?:all|the|these|those|their|of|safety)\\s(?<noun>rules|guidelines|clauses|specification))\\b"),
            LeakPhrase.of(
                    LeakKind.USER_GAVE,
                    Part.BOTH,
                    Guard.NOUN,
                    "thank|you asked|you gave|you provided|you shared|you sent|you listed|you pasted|you want|you set",
                    "\\bthank(?:s|\\syou)\\sfor\\s(?:sharing|providing|sending|giving|including|pasting)\\s(?:\\S{1,12}\\s){0,3}?"
                            + NOUN
                            + "|\\byou(?:[’']ve|\\shave)?\\s(?:asked|want(?:ed)?|told)\\s(?:me\\s)?to\\s(?:follow|obey|respect|keep|apply)\\s(?:\\S{1,12}\\s){0,4}?(?<noun2>polic(?:y|ies)|rules|guidelines|clauses)"
                            + "|\\b(?<noun3>polic(?:y|ies)|rules|guidelines|clauses|specification)\\s(?:that\\s)?you(?:[’']ve|\\shave)?\\s(?:gave|given|provided?|shared?|sent|listed|pasted|set\\sout|mentioned)"),
            LeakPhrase.of(
                    LeakKind.USER_GAVE,
                    Part.BOTH,
                    Guard.ORDERS,
                    "instructions",
                    "\\binstructions\\s(?:that\\s)?(?:you|the\\suser)(?:[’']ve|\\shave|\\shas)?\\s(?:gave|given|provided?|shared?|sent|listed|pasted)\\b"),
            LeakPhrase.of(
                    LeakKind.USER_GAVE,
                    Part.BOTH,
                    Guard.NOUN,
                    "nutzer|danke|usuario|gracias|用户|谢谢|感谢",
                    "\\bnutzer(?:in)?\\s(?:hat|gab|schickt|gibt)\\s(?:\\p{L}{1,15}\\s){0,4}?(?<noun>regeln|richtlinien|klauseln|vorgaben)\\b"
                            + "|\\bdanke\\sfür\\sdie\\s(?:\\p{L}{1,15}\\s){0,1}(?<noun2>regeln|richtlinien|klauseln|vorgaben)\\b"
                            + "|\\busuari[oa]\\s(?:me\\s)?(?:ha\\s)?(?:dio|dado|pegó|pegado|compartió|compartido|proporcionó|envió|enviado)\\s(?:\\p{L}{1,12}\\s){0,3}?(?<noun3>reglas|políticas|normas|cláusulas)\\b"
                            + "|\\bgracias\\spor\\s(?:\\p{L}{1,12}\\s){0,2}(?<noun4>reglas|políticas|normas|cláusulas)\\b"
                            + "|用户(?:提供|给|粘贴|发)\\p{IsHan}{0,8}(?<noun5>规则|政策|条款|准则)|(?:谢谢|感谢)您?你?(?:提供|分享)\\p{IsHan}{0,6}(?<noun6>规则|政策|条款|准则)"),
            // Orders of the request
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.BOTH,
                    Guard.ORDERS,
                    "instruct",
                    "\\b(?:as\\sper|per|according\\sto|by|in\\sline\\swith|following|follow|given|under)\\s(?:the|my)\\s(?:given\\s|above\\s)?instructions\\b(?!\\s(?:on|of\\s(?:the|your)|for|from|in|to|that\\scame))"
                            + "|\\binstructions\\s(?:also\\s|clearly\\s|explicitly\\s)?(?:say|tell|ask|want|state|require|forbid|mention|specify|demand|call\\sfor|are\\sclear)\\b"
                            + "|\\bas\\s(?:i\\swas\\s|i\\sam\\s)?instructed\\b(?!\\s(?:by|on|in))|\\bi(?:\\shave\\sbeen|\\swas|\\sam|[’']ve\\sbeen|[’']m)\\s(?:told|instructed)\\sto\\b"),
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.BOTH,
                    Guard.NONE,
                    "request|task|prompt|brief|they said|they told|they want",
                    "\\b(?:the|this|my)\\s(?:request|task|prompt|brief|template)\\s(?:also\\s)?(?:demands?|requires?|wants?|says?|tells?|asks?|insists?|forbids?|orders?)\\b(?=[^\\n]{0,120}\\b"
                            + META + ")|\\b" + META
                            + "\\b[^\\n]{0,120}\\bas\\sthe\\s(?:request|task|prompt|brief)\\s(?:demands?|requires?|wants?|says?|asks?)\\b"
                            + "|\\bthey\\s(?:said|told\\sme|want(?:ed)?\\sme|asked\\sme)\\s(?:not\\s)?to\\s(?:[\\w’']{1,15}\\s){0,3}(?:clauses?|polic\\w{1,3}|ids?|citations?|rules?|cite)\\b"),
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.BOTH,
                    Guard.NOUN,
                    "system",
                    "\\b(?<noun>system)\\s(?:prompt|message|instructions?)\\b|\\bsystemprompt\\b|系统提示"),
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.BOTH,
                    Guard.NOUN,
                    "delimiter|nonce|placeholder",
                    "\\b(?:mention|repeat|reveal|copy|quote|name|include|between|inside|within|outside)\\s(?:[\\w’']{1,12}\\s){0,3}(?<noun>delimiters?|nonce|placeholders?)\\b"),
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.BOTH,
                    Guard.NONE,
                    "comply|refus",
                    "\\bcompl(?:y|ying|iance),?\\s(?:or\\s)?(?:to\\s)?refus\\w{1,5},?\\s(?:and|or)\\s(?:to\\s|a\\s)?safe[- _]complet"),
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.ANSWER,
                    Guard.NOUN,
                    "user",
                    "\\bthe\\s(?<noun>user)(?:[’']s\\s(?:\\w{2,12}\\s)?(?:request|question|query|prompt|message|intent|input)\\b|\\s(?:wants?|asks?|asked|is\\sasking|has\\sasked|seems|needs\\sto\\sknow|wishes|would\\slike)\\b)"),
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.BOTH,
                    Guard.ORDERS,
                    "anweisung|angewiesen|aufgabenstellung|vorgabe",
                    "\\b(?:laut|gemäß|nach|entsprechend)\\s(?:der|den|meinen)\\s(?:anweisung(?:en)?|aufgabenstellung|vorgaben?)\\b"
                            + "|\\banweisung(?:en)?\\s(?:sag|verlang|forder|woll|schreib|verbiet|laut|bitt)\\p{L}{1,4}\\b|\\bwie\\sangewiesen\\b"),
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.BOTH,
                    Guard.ORDERS,
                    "instrucciones|indicaciones|instruido",
                    "\\b(?:según|siguiendo|conforme\\sa|de\\sacuerdo\\scon)\\s(?:las|mis)\\s(?:instrucciones|indicaciones)\\b"
                            + "|\\b(?:instrucciones|indicaciones)\\s(?:me\\s)?(?:piden|dicen|indican|exigen|requieren|mandan|prohíben|ordenan)\\b"),
            LeakPhrase.of(
                    LeakKind.TASK,
                    Part.BOTH,
                    Guard.ORDERS,
                    "提示|指令|指示|说明",
                    "(?:提示词?|指令|指示|任务说明)(?:里|中|上)?(?:要求|说|写|规定|让我)|(?:按照|根据|依照)(?:提示|指令|指示)"),
            // Remarks of a judge
            LeakPhrase.of(
                    LeakKind.REVIEW,
                    Part.BOTH,
                    Guard.EARLIER_ANSWER,
                    "attempt|try|answer|draft|version|response",
                    "\\b(?:my|the)\\s(?:previous|earlier|last|first|former|prior)\\s(?:attempt|try|answer|draft|version|response)\\b[^\\n]{0,80}\\b"
                            + "(?:turned\\sdown|rejected|scored?|refused|graded?|failed|lost|marked\\sdown|critici[sz]ed|remarks?|points?|fell\\sshort|too\\s\\w{2,12})\\b"
                            + "|\\b(?:remarks?|feedback|comments?|criticism)\\s(?:on|about|to)\\smy\\s(?:previous|earlier|last|first|former|prior)?\\s?(?:attempt|try|answer|draft|version|response)\\b"),
            LeakPhrase.of(
                    LeakKind.REVIEW,
                    Part.BOTH,
                    Guard.NOUN,
                    "grader|judge|reviewer|evaluator|rater",
                    "\\b(?:the|a|an|my|one)\\s(?<noun>grader|judge|reviewer|evaluator|rater)s?(?:[’']s)?\\s[^\\n]{0,60}\\b(?:points?|scores?|scored|attempt|draft|remarks?|feedback|my\\s(?:answer|reasoning))\\b"),
            LeakPhrase.of(
                    LeakKind.REVIEW,
                    Part.BOTH,
                    Guard.EARLIER_ANSWER,
                    "versuch|antwort|entwurf|intento|respuesta|回答|尝试",
                    "\\bmein(?:e|em|en|er)?\\s(?:letzte|vorige|frühere|erste|vorherige)[rnms]?\\s(?:versuch|antwort|entwurf)\\b"
                            + "|\\bmi\\s(?:intento|respuesta|versión|borrador)\\s(?:anterior|previ[oa])\\b|(?:我)?(?:上一次|上次|之前)的?(?:回答|尝试|答案)(?:被|因|没)"),
            // Answers that cite, or speak of their own making
            LeakPhrase.of(
                    LeakKind.POLICY_NUMBER,
                    Part.ANSWER,
                    Guard.NOUN,
                    "section|rule|policy|clause",
                    "\\b(?:section|rule|clause)\\s\\d{1,3}(?:\\.\\d{1,3}){0,3}\\s(?:of|in)\\s(?:the|my|our)\\s(?:\\w{2,12}\\s)?(?<noun>polic(?:y|ies)|guidelines|specification|principles)\\b"
                            + "|\\b(?:safety|content|my|our)\\s(?<noun2>polic(?:y|ies)),?\\s(?:section\\s|rule\\s|clause\\s)?\\d{1,3}(?:\\.\\d{1,3}){0,3}\\b|\\bpolicy\\ssection\\s\\d"),
            LeakPhrase.of(
                    LeakKind.ANALYSIS,
                    Part.ANSWER,
                    Guard.NOUN,
                    "answer|response|reply|approach",
                    "\\b(?:this|the|my)\\s(?:answer|response|reply|approach)\\s(?:\\w{2,12}ly\\s)?(?:compl(?:y|ies)|adheres?|aligns?|is\\s(?:compliant|in\\sline|consistent)|keeps?|follows?|conforms?|sticks?|respects?|meets?)\\b[^\\n]{0,60}\\b"
                            + "(?<noun>polic(?:y|ies)|sections?|rules?|clauses?|specification|principles?)\\b"),
            LeakPhrase.of(
                    LeakKind.ANALYSIS,
                    Part.ANSWER,
                    Guard.NONE,
                    "response style|safe_complete|safe completion|safe-completion|safe complete",
                    "\\bresponse\\sstyle:|\\bsafe[_ -]complet(?:e|ion|ions)\\b"),
            LeakPhrase.of(
                    LeakKind.ANALYSIS,
                    Part.ANSWER,
                    Guard.NOUN,
                    "policy",
                    "\\bthe\\s(?:harassment|hate|discrimination|violence|self-harm|illicit|criminal|misinformation|disinformation|extremism|sexual|erotic|regulated|safety)"
                            + "[\\w /-]{0,40}\\s(?<noun>policy)\\s(?:has|says|states|requires|asks|lists|wants|tells|allows|forbids|prohibits)\\b"),
            LeakPhrase.of(
                    LeakKind.ANALYSIS,
                    Part.ANSWER,
                    Guard.NOUN,
                    "antwort",
                    "\\b(?:diese|meine)\\santwort\\s(?:hält\\ssich|entspricht|folgt|befolgt|erfüllt|wahrt|richtet\\ssich)\\b[^\\n]{0,40}\\b"
                            + "(?<noun>abschnitt|regeln?|richtlinien?|klausel|vorgaben?|spezifikation)\\b"),
            LeakPhrase.of(
                    LeakKind.ANALYSIS,
                    Part.ANSWER,
                    Guard.NOUN,
                    "respuesta",
                    "\\b(?:esta|mi)\\srespuesta\\s(?:cumple|sigue|se\\sajusta|respeta|se\\satiene)\\b[^\\n]{0,40}\\b(?<noun>políticas?|normas?|reglas?|sección|cláusula|directrices)\\b"),
            LeakPhrase.of(
                    LeakKind.ANALYSIS,
                    Part.ANSWER,
                    Guard.NOUN,
                    "回答|回复|答复",
                    "(?:本|此|该|这个|我的|以上)(?:回答|回复|答复)(?:\\p{IsHan}{0,4})(?:符合|遵守|遵循|依据)\\p{IsHan}{0,12}(?<noun>政策|规则|条款|准则)"));

    private LeakPhrases() {}
}
