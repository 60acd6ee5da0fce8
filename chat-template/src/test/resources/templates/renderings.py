"""Renders the cases of renderings.json with Jinja2 (3.1.6), set up as tokenizers set it up: python3 renderings.py."""
import copy, datetime, json, pathlib, random
import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.ext import Extension
class Gen(Extension):
    tags={"generation"}
    def parse(self, parser):
        line=next(parser.stream).lineno
        body=parser.parse_statements(["name:endgeneration"],drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_s"),[],[],body).set_lineno(line)
    def _s(self, caller): return caller()
def rexc(m): raise jinja2.exceptions.TemplateError(m)
def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
def env():
    e=ImmutableSandboxedEnvironment(trim_blocks=True,lstrip_blocks=True,extensions=[Gen,jinja2.ext.loopcontrols])
    e.filters["tojson"]=tojson
    e.globals["raise_exception"]=rexc
    e.globals["strftime_now"]=lambda f: datetime.datetime(2026,1,2,3,4,5).strftime(f)
    return e
def render(t,c):
    try:
        return {"expected": env().from_string(t).render(**c)}
    except Exception as x:
        return {"fails": type(x).__name__}
D=pathlib.Path(__file__).parent
plain=[{"role":"system","content":"Be kind."},{"role":"user","content":"Why is the sky blue?"},{"role":"assistant","content":"Because of scattering.","reasoning_content":"Short waves scatter more."}]
inline=plain[:2]+[{"role":"assistant","content":"<think>\nShort waves scatter more.\n</think>\n\nBecause of scattering."}]
multi=[{"role":"user","content":" one "},{"role":"assistant","content":"first answer","reasoning_content":"first thought"},{"role":"user","content":"two"},{"role":"assistant","content":"second answer","reasoning_content":"second thought"}]
tools=[{"type":"function","function":{"name":"look","description":"Looks \"up\" <caf\u00e9> & more","parameters":{"type":"object","properties":{"q":{"type":"string"},"n":{"type":"integer"}},"required":["q"]}}}]
call=[{"role":"user","content":"find it"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":{"q":"a\n\u00e9","n":1.5,"deep":[True,None,{"x":-0.0}]}}}]},{"role":"tool","content":"found","tool_call_id":"c1"},{"role":"tool","content":"more","tool_call_id":"c1"},{"role":"assistant","content":"done","reasoning_content":"it is there"}]
cases=[]
for f in ["r1-distill","qwen3","harmony","always-empty-thought","field-and-inline","alternating"]:
    for n,m in dict(plain=plain,inline=inline,multi=multi,prompt=multi[:3],call=call).items():
        for g in (False,True):
            c=dict(messages=m,add_generation_prompt=g,bos_token="<s>",eos_token="</s>")
            if n=="call": c["tools"]=tools
            cases.append(dict(name=f"{f} {n} {g}",file=f+".jinja",context=c))
X=dict(s="  a </think>\n\nb  ",l=[3,1,2],e=[],d={"b":1,"a":[1,"x"],"items":5},n=None,t=True,f=1.5,w="caf\u00e9 \U0001f600 ok",m=multi,z="it's",q='a"b',big=10**15)

exprs='\ns.split(\'</think>\')[-1].lstrip(\'\\n\') ¦ s.strip() ¦ s.rstrip()~\'.\' ¦ s.lstrip() ¦ s|trim ¦ s|length ¦ w|length ¦ w[::-1] ¦ w[1:3] ¦ w[-4:] ¦ w[5] ¦ w[-2:0:-1]\nl[::-1] ¦ l[1:] ¦ l[:-1] ¦ l[0] ¦ l[-1] ¦ l[::2] ¦ l[5] is defined ¦ l[5] ¦ l|first ¦ l|last ¦ l|sort ¦ l|sort(reverse=true) ¦ l|join(\', \') ¦ l|length ¦ l|sum ¦ l|min ¦ l|max ¦ l|reverse|list ¦ l[1:2][0] ¦ l[-2:] ¦ l[10:] ¦ l[::0]\ne|first ¦ e|length ¦ e|join ¦ e is defined ¦ d.items()|list ¦ d|items|list ¦ d|dictsort ¦ d.b ¦ d[\'items\'] ¦ string is string ¦ d.get(\'zz\') ¦ d.get(\'zz\',\'y\') ¦ d.keys()|list ¦ d.values()|list ¦ d|length ¦ \'b\' in d ¦ \'c\' not in d ¦ d.c ¦ d.c is defined ¦ d.c|default(\'none\') ¦ d.c is undefined ¦ n is none ¦ n ¦ n|default(\'x\') ¦ n|default(\'x\', true) ¦ none ¦ d ¦ d|list ¦ d|first ¦ d == d\nm[0].role ¦ m[0][\'content\'] ¦ m|map(attribute=\'role\')|join(\',\') ¦ m|selectattr(\'role\',\'equalto\',\'user\')|map(attribute=\'content\')|list ¦ m|selectattr(\'role\',\'==\',\'user\')|list|length ¦ m|rejectattr(\'role\',\'eq\',\'user\')|map(attribute=\'content\')|join ¦ m|selectattr(\'reasoning_content\')|list|length ¦ m|selectattr(\'reasoning_content\',\'defined\')|list|length ¦ m|map(\'length\')|list ¦ l|select(\'odd\')|list ¦ l|reject(\'gt\',1)|list ¦ l|map(\'string\')|join(\'-\') ¦ [\'a\',\'b\']|map(\'upper\')|join ¦ m[-1].reasoning_content ¦ m[-1][\'nope\'] is defined ¦ m[1:][0].role ¦ (m[-1].content or \'\') + \'!\' ¦ m|join(\',\',attribute=\'role\') ¦ m|map(attribute=\'zz\',default=\'-\')|join ¦ m|selectattr(\'role\',\'in\',[\'user\'])|list|length\n1+2 ¦ 7//2 ¦ -7//2 ¦ -7%3 ¦ 7%3 ¦ 7/2 ¦ 2**10 ¦ 2**-1 ¦ 1-2-3 ¦ 2*3+4 ¦ \'a\'+\'b\' ¦ \'a\'*3 ¦ [1]+[2] ¦ \'a\'~1~none~true~1.0 ¦ 1 if t else 2 ¦ 1 if n ¦ not t ¦ t and n ¦ n or \'y\' ¦ 1<2<3 ¦ 1==1.0 ¦ true==1 ¦ \'1\'==1 ¦ \'a\'<\'b\' ¦ [1,2]==[1,2] ¦ {\'a\':1}=={\'a\':1} ¦ (1,2) ¦ (1,) ¦ () ¦ {\'k\':[1,\'v\',none,true,1.0]} ¦ 1e3 ¦ 1_000 ¦ 0.1+0.2 ¦ 1e22 ¦ 1.0e-7 ¦ big ¦ big*1.0 ¦ 10**16*1.0 ¦ 100000.0 ¦ -0.0 ¦ true + 1 ¦ -2|abs ¦ -2**2 ¦ l > [1] ¦ l != l ¦ l|length + 1 ¦ l|length - 1 ¦ \'a\' ~ \'b\'|upper ¦ 1.5*2 ¦ 5.0//2 ¦ -5.5%2\n\'a\' in \'abc\' ¦ 3 in l ¦ 3 not in l ¦ not 3 in l ¦ s is string ¦ l is sequence ¦ d is mapping ¦ n is not none ¦ l is iterable ¦ s is iterable ¦ 5 is number ¦ 5 is integer ¦ 5.0 is float ¦ t is boolean ¦ t is true ¦ t is false ¦ 5 is odd ¦ 4 is even ¦ 6 is divisibleby 3 ¦ 6 is divisibleby(3) ¦ \'a\' is in \'abc\' ¦ \'a\' is eq \'a\' ¦ undefinedthing is defined ¦ undefinedthing ¦ undefinedthing.x ¦ undefinedthing|length ¦ \'x\' in undefinedthing ¦ undefinedthing is none ¦ \'A\' is upper ¦ \'a\' is lower ¦ not \'a\' is none ¦ t is not string ¦ \'a\' is string and \'b\' is string ¦ range is callable ¦ undefinedthing + \'a\' ¦ undefinedthing ~ \'a\' ¦ undefinedthing == otherthing ¦ undefinedthing or \'x\' ¦ (undefinedthing|list) ¦ 1 in 2 ¦ true is number ¦ true is integer ¦ s is sequence\nl|tojson ¦ d|tojson ¦ d|tojson(indent=2) ¦ w|tojson ¦ \'<>&\\\'"\\u2028\\\\\\t\'|tojson ¦ 1.0|tojson ¦ n|tojson ¦ e|tojson(indent=4) ¦ {}|tojson(indent=4) ¦ d|tojson(sort_keys=true) ¦ d|tojson(separators=(\',\',\':\')) ¦ 1e22|tojson ¦ \'1,2\'|tojson ¦ w|tojson(ensure_ascii=true) ¦ {1:none,true:2}|tojson\n\'Hello World\'|upper ¦ \'Hello\'|lower ¦ \'hello world\'|title ¦ \'hello WORLD\'|capitalize ¦ \'x\'|replace(\'x\',\'yy\') ¦ \'aaa\'|replace(\'a\',\'b\',2) ¦ \'a b\'.split() ¦ \' a  b \'.split() ¦ \'a,b,c\'.split(\',\',1) ¦ \'a,b,c\'.rsplit(\',\',1) ¦ \'abc\'.startswith(\'a\') ¦ \'abc\'.endswith((\'x\',\'c\')) ¦ \'abc\'.find(\'c\') ¦ \'abc\'.find(\'z\') ¦ \'abab\'.count(\'ab\') ¦ \'abc\'.replace(\'b\',\'\') ¦ \'xxaxx\'.strip(\'x\') ¦ \'xyaxy\'.rstrip(\'xy\') ¦ \'ab\'.join([\'1\',\'2\']) ¦ \'a\\nb\'.splitlines() ¦ \'abc\'.upper() ¦ \'ABC\'.lower() ¦ \'abc\'.title() ¦ \'abc\'.capitalize() ¦ \'12\'.isdigit() ¦ \'pre-x\'.removeprefix(\'pre-\') ¦ \'x.y\'.removesuffix(\'.y\') ¦ \'a\'|safe ¦ \'x\'|string ¦ \'12\'|int ¦ \'x\'|int ¦ \'x\'|int(7) ¦ \'1.5\'|float ¦ 3.7|int ¦ 2.5|round ¦ 3.14159|round(2) ¦ -3|abs ¦ \'abc\'|list ¦ \'abc\'|first ¦ [\'b\',\'A\',\'c\']|sort ¦ [\'b\',\'a\',\'b\']|unique|list ¦ \'a\\nb\'|indent ¦ \'a\\nb\'|indent(2,true) ¦ [1,[2,3]]|string ¦ z|string ¦ [z,q,\'a\\\'b"c\',\'\\n\\\\\\u00e9\\x01\'] ¦ \'é\'|upper ¦ \'abc\'|reverse ¦ \'abc\'|length == 3 ¦ none|string ¦ \' \'|trim ¦ \'xxa\'|trim(\'x\') ¦ none|default(\'\') ¦ false|default(\'q\') ¦ false|default(\'q\',true) ¦ \'a\' \'b\' ¦ \'abc\'[1] ¦ \'\\u00a0x\\u3000\'.strip() ¦ w|capitalize ¦ \'tEST éA\'|title ¦ 1.5|int ¦ true|int ¦ true|string ¦ 5|string|length ¦ \'a,b\'.split(\'\') ¦ \'abc\'.index(\'z\') ¦ \'aXbX\'.split(\'X\') ¦ \'\'.split(\'x\') ¦ \'\'.split() ¦ \'abc\'.strip(none) ¦ \'%s-%s\' % (\'a\', 2) ¦ \'%d%%\' % 5\nrange(3)|list ¦ range(1,7,2)|list ¦ range(5,0,-2)|list ¦ dict(a=1,b=2) ¦ namespace(a=1).a ¦ strftime_now(\'%d %b %Y\') ¦ strftime_now(\'%Y-%m-%d %H:%M:%S\') ¦ strftime_now(\'%B %A %j %-d %I %p %y\') ¦ raise_exception(\'no\') ¦ d|attr(\'b\') ¦ l.append(4) ¦ s.nothing ¦ s.nothing() ¦ \'\'.__class__ ¦ l|nofilter ¦ l is notest ¦ s[100] ¦ s[100:] ¦ 1/0 ¦ 1//0 ¦ n.x ¦ n[\'x\'] ¦ \'a\'+1 ¦ l+\'a\' ¦ {\'a\':1}[\'a\'] ¦ {1:\'x\'}[1] ¦ \'a\' if false ¦ (\'a\' if false) is defined ¦ 1 1 ¦ (1 ¦ d. ¦ \'a ¦ s.format ¦ messages[ ¦ range(3)[1] ¦ range(10)|length ¦ d.pop(\'b\') ¦ l.index(1) ¦ l.count(3) ¦ x is y\n'
for line in exprs.strip().split("\n"):
    for e in line.split(" ¦ "):
        cases.append(dict(name=e.strip(),template="{{ "+e.strip()+" }}",context="shared"))
tmpl=['{% for x in l %}{{ loop.index }}/{{ loop.index0 }}/{{ loop.revindex }}/{{ loop.revindex0 }}/{{ loop.first }}/{{ loop.last }}/{{ loop.length }}/{{ loop.previtem }}/{{ loop.nextitem }};{% endfor %}', "{% for x in l %}{{ loop.cycle('a','b') }}{% endfor %}", '{% for x in l if x > 1 %}{{ x }}{{ loop.length }}{% else %}none{% endfor %}', '{% for x in e %}{{ x }}{% else %}none{% endfor %}', '{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}', '{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% if loop.index == 2 %}{% break %}{% endif %}{% endfor %}', '{% for x in l %}{% if loop.index0 == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}', '{% set x = 1 %}{% for i in l %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}', '{% set ns = namespace(x=1) %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}', '{% if t %}{% set y = 2 %}{% endif %}{{ y }}', '{% if n %}a{% elif l %}b{% else %}c{% endif %}', '{% set a, b = 1, 2 %}{{ a }}{{ b }}', '{% set a %}block {{ l[0] }}{% endset %}[{{ a }}]{{ a is string }}', '{% set a | upper %}block{% endset %}{{ a }}', "{% macro f(a, b='x') %}{{ a }}-{{ b }}{% endmacro %}{{ f(1) }}{{ f(1, 2) }}{{ f(b=3, a=4) }}{{ f() }}", '{% macro f(a) %}{% if a > 0 %}{{ a }}{{ f(a - 1) }}{% endif %}{% endmacro %}{{ f(3) }}', '{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, k=3) }}', '{% macro f() %}{{ caller() }}!{% endmacro %}{% call f() %}in{% endcall %}', '{% set y = 5 %}{% macro f() %}{{ y }}{{ z }}{% endmacro %}{{ f() }}', '{% macro f() %}{{ y }}{% endmacro %}{% set y = 5 %}{{ f() }}', '{% macro f() %}{% set y = 1 %}{% endmacro %}{{ f() }}{{ y }}', '{{ f is defined }}{% macro f() %}{% endmacro %}{{ f is defined }}', '{% raw %}{{ x }}{% endraw %}', '{# comment #}a{#- b -#}  c', '  {% if t %}  \n  x\n  {% endif %}\n  y', 'a\n  {%- if t %}\nb\n{%- endif %}\nc', 'a  {{- 1 -}}  b  {{ 2 }}\n', 'a  {%+ if t %}x{% endif %}', 'a\n  {# c #}\nb\n', '{{ 1 }}\n\n{{ 2 }}\n', 'x\n\n', '\r\na\r\n{% if t %}\r\nb{% endif %}', '{% if t -%}\n\n  a\n{%- endif -%}\n\n b', '{% generation %}a{{ 1 }}{% endgeneration %}', '{% filter upper %}abc{% endfilter %}', '{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a }}', '{% for x in l %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}', '{% for m1 in m %}{% for c in m1.content[:2] %}{{ loop.index }}{{ c }}{% endfor %}{{ loop.index }}{% endfor %}', '{% for x in l recursive %}{{ x }}{% endfor %}', '{% for a, b in [[1,2],[3,4]] %}{{ a }}{{ b }}{% endfor %}{% for a, b in [[1,2,3]] %}{% endfor %}', '{% if %}', '{% for x %}', '{% endif %}', '{% if t %}', '{{ 1', '{% nope %}', '{{ }}', '{# open', 'a}}b%}c', '{% if t %}{% else %}{% else %}{% endif %}', '{{ \'{{ }}\' }}{{ "%}" }}', "{{ {'a': {'b': 1}} }}", "{{ {'a': {'b': 1}}['a']['b'] }}", "{{ '\\n' }}|{{ '\\\\n' }}|{{ '\\x41\\u0042\\101' }}|{{ 'a\\qb' }}", '{{ m | tojson(indent=2) }}', '{% set _ = l.append(1) %}{{ l }}', '{% set l2 = [] %}{% for x in l %}{% set l2 = l2 + [x] %}{% endfor %}{{ l2 }}', '{%- for x in l %}\n    {{- x }}\n{%- endfor %}\n', '{% set x = 1 -%}\n  {{ x }}', '{% for x in n %}{% endfor %}', '{% for x in 5 %}{% endfor %}', '{% for x in undefinedthing %}a{% else %}b{% endfor %}', "{% for c in 'ab' %}{{ c }}.{% endfor %}", '{% for k in d %}{{ k }}{% endfor %}', '{{ loop }}', '{% set loop = 1 %}', '{% do l.append(1) %}', "{% include 'x' %}", "{% import 'x' as y %}", '{% set ns.x = 1 %}', '{% set d.x = 1 %}', '{{ self }}', '{% block a %}x{% endblock %}', '{% for x in l %}{% set last = x %}{% endfor %}{{ last is defined }}', '{% for x in l %}{{ y }}{% set y = x %}{{ y }}{% endfor %}', '{% for x in l %}{% if loop.first %}{% set q2 = 1 %}{% endif %}{{ q2 }}{% endfor %}', "{% macro a(x) %}{{ x }}{% endmacro %}{% macro b(x) %}[{{ a(x) }}]{% endmacro %}{{ b('k') | upper }}", "{{ m[0].content ~ '\n' if m[0].role == 'user' else 'no' }}", "{{ 'a' if t else 'b' if n else 'c' }}", '{{ (not n) and (l[0] > 2 or false) }}', "{% if 'x' not in d and d is not string and not (n is defined and n) %}ok{% endif %}", "{% if m[-1].role == 'assistant' and m[-1].reasoning_content is defined and m[-1].reasoning_content is not none %}yes{% endif %}", "{% set a = namespace(b={'c': 1}) %}{{ a.b.c }}{{ a.zz is defined }}", '{{ loop is defined }}{% for i in range(2) %}{{ loop is defined }}{% endfor %}', '{% for i in range(3) %}{% for j in range(3) %}{% if j == 1 %}{% continue %}{% endif %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}', '{% for x in l %}{{ loop.changed(x > 1) }}{{ loop.depth }}{% endfor %}', '-{%- if t -%} a {%- endif %}-', "{{ ' a ' -}}  \n {{- ' b ' }}", '\t{% if t %}\t\n\tx{% endif %}', 'x {% if t %}\ny {% endif %}\n z', 'x {# c #} \ny', '{{ 1 }} \n {%- if t %} z{% endif %}']
for t in tmpl: cases.append(dict(name=t,template=t,context="shared"))
rnd=random.Random(20261121)
# whitespace control: random sequences of pieces
pieces_open=["{%","{%-","{%+"]; 
for i in range(150):
    depth=0; out=""
    for _ in range(rnd.randint(3,9)):
        k=rnd.choice(["text","text","if","end","var","comment","set"])
        o=rnd.choice(["{%","{%-","{%"]); c=rnd.choice(["%}","-%}","%}"])
        if k=="text": out+=rnd.choice([" ","\n","  \n  ","a","\n\n","b \n","\t","c"])
        elif k=="if": out+=o+" if t "+c; depth+=1
        elif k=="end" and depth: out+=o+" endif "+c; depth-=1
        elif k=="var": out+=rnd.choice(["{{","{{-"])+" 1 "+rnd.choice(["}}","-}}"])
        elif k=="comment": out+=rnd.choice(["{#","{#-"])+" c "+rnd.choice(["#}","-#}"])
        elif k=="set": out+=o+" set x = 1 "+c
    out+="{% endif %}"*depth
    cases.append(dict(name="whitespace %d"%i,template=out,context="shared"))
for i in range(100):
    v=rnd.choice(["w","l","s"]); a=lambda: rnd.choice(["","","-%d"%rnd.randint(1,9),"%d"%rnd.randint(0,9)])
    st=rnd.choice(["","","1","-1","2","-2","3"])
    cases.append(dict(name="slice %d"%i,template="{{ %s[%s:%s:%s] }}"%(v,a(),a(),st),context="shared"))
atoms=["1","2","0","t","n","'a'","l","e","1.5","'abc'","-1"]
for i in range(200):
    e=rnd.choice(atoms)
    for _ in range(rnd.randint(1,4)):
        op=rnd.choice(["+","-","*","==","!=","<","and","or","in","not in","~","//","%"])
        e=e+" "+op+" "+rnd.choice(["","","not "] if op in("and","or") else [""])+rnd.choice(atoms)
    cases.append(dict(name="expression %d"%i,template="{{ "+e+" }}",context="shared"))
out=[]
for c in cases:
    ctx=copy.deepcopy(X) if c["context"]=="shared" else copy.deepcopy(c["context"])
    t=c.get("template") or (D/c["file"]).read_text()
    c.update(render(t,ctx)); out.append(c)
# What Jinja2 does here and chat templates do not need: our side must fail, never write something else.
BEYOND={c.strip() for c in """2.5|round ¦ 3.14159|round(2) ¦ '%s-%s' % ('a', 2) ¦ '%d%%' % 5 ¦ d|attr('b')""".split("¦")}|{"{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, k=3) }}","{% for x in l recursive %}{{ x }}{% endfor %}","{% block a %}x{% endblock %}","{% for x in l %}{{ loop.changed(x > 1) }}{{ loop.depth }}{% endfor %}","expression 85","expression 198"}
out=[c for c in out if c["name"] not in ("s.format","{{ self }}","{1:none,true:2}|tojson")]
for c in out:
    if c["name"] in BEYOND: del c["expected"]; c["fails"]="beyond"
(D/"renderings.json").write_text(json.dumps(dict(shared=X,cases=out),ensure_ascii=True,indent=0)+"\n")
print(len(out),sum("fails" in c for c in out))
