/** Names as their owners write them, with a Latin form for the e-mail address. */
interface Locale {
  /** Currencies in which people of this locale usually pay. */
  currencies: readonly string[];
  familyFirst: boolean;
  given: readonly Name[];
  family: readonly Name[];
}

type Name = readonly [written: string, latin: string];

function names(list: string): Name[] {
  return list.split(" ").map((entry) => {
    const [written = "", latin = plainLatin(written)] = entry.split("/");
    return [written, latin];
  });
}

/** "Zoë" → "zoe", "O'Brien" → "obrien". */
function plainLatin(text: string): string {
  return text
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("Ø", "O")
    .replaceAll("ł", "l")
    .replaceAll("Ł", "L")
    .normalize("NFD")
    .replace(/[^a-zA-Z-]/g, "")
    .toLowerCase();
}

export const locales: readonly Locale[] = [
  {
    currencies: ["usd", "gbp", "cad", "aud"],
    familyFirst: false,
    given: names(
      "Olivia Liam Amara Noah Priya Ethan Grace Mateo Zoë Caleb Naomi Owen Hannah Malik Iris Theo",
    ),
    family: names(
      "Carter Nguyen O'Brien Patel Johnson Okafor Reyes Walsh Kim-Lee Harris Bennett Sato Murphy Diaz",
    ),
  },
  {
    currencies: ["eur", "chf"],
    familyFirst: false,
    given: names(
      "Jürgen Anke Lukas Sophie Björn Chloé Élodie Rémi Giulia Matteo Núria Iñigo Saoirse Katharina",
    ),
    family: names(
      "Müller Groß Lefèvre Dubois Rossi Bianchi García Muñoz Jansen Vandenberghe Ó-Súilleabháin Weiß",
    ),
  },
  {
    currencies: ["jpy"],
    familyFirst: true,
    given: names(
      "太郎/taro 花子/hanako 健/ken 美咲/misaki 翔太/shota 葵/aoi さくら/sakura 大輔/daisuke 陽菜/hina",
    ),
    family: names(
      "山田/yamada 佐藤/sato 鈴木/suzuki 高橋/takahashi 渡辺/watanabe 伊藤/ito 中村/nakamura 小林/kobayashi",
    ),
  },
  {
    currencies: ["kwd", "bhd", "omr", "aed", "jod", "tnd"],
    familyFirst: false,
    given: names(
      "فاطمة/fatima محمد/mohammed نورة/noura خالد/khalid مريم/maryam يوسف/yousef سارة/sara علي/ali",
    ),
    family: names(
      "الصباح/alsabah العتيبي/alotaibi الرشيد/alrashid حداد/haddad المطيري/almutairi ناصر/nasser",
    ),
  },
  {
    currencies: ["isk"],
    familyFirst: false,
    given: names("Guðrún/gudrun Sigurður/sigurdur Björk Þórdís/thordis Ólafur Katrín Jón Ásta"),
    family: names(
      "Jónsdóttir Sigurðsson/sigurdsson Guðmundsdóttir/gudmundsdottir Einarsson Þórsdóttir/thorsdottir",
    ),
  },
  {
    currencies: ["huf"],
    familyFirst: true,
    given: names("Eszter Gergő Zsófia Bence Ágnes László Réka Tamás"),
    family: names("Nagy Kovács Szabó Tóth Horváth Kiss Molnár Németh"),
  },
  {
    currencies: ["inr"],
    familyFirst: false,
    given: names(
      "अनन्या/ananya आरव/aarav दिया/diya रोहन/rohan प्रिया/priya विक्रम/vikram मीरा/meera अर्जुन/arjun",
    ),
    family: names("शर्मा/sharma वर्मा/verma अय्यर/iyer सिंह/singh कुलकर्णी/kulkarni गुप्ता/gupta"),
  },
  {
    currencies: ["krw", "usd"],
    familyFirst: true,
    given: names("민준/minjun 서연/seoyeon 지훈/jihoon 하은/haeun 도윤/doyun 수빈/subin"),
    family: names("김/kim 이/lee 박/park 최/choi 정/jung 강/kang"),
  },
  {
    currencies: ["eur", "pln", "sek", "nok", "dkk"],
    familyFirst: false,
    given: names(
      "Łukasz Małgorzata Søren Åsa Ingrid Øyvind Zuzana Jiří Eleni/eleni Γιώργος/giorgos Олена/olena Тарас/taras",
    ),
    family: names(
      "Wiśniewski Dąbrowska Sørensen Lindqvist Kowalczyk Novák Παπαδόπουλος/papadopoulos Шевченко/shevchenko",
    ),
  },
];

export interface Person {
  name: string;
  email: string;
}

const mailHosts = ["example.com", "example.org", "example.net", "mail.example.com", "post.example.org"];

/** Somebody who would pay in that currency. `random` draws 0 ≤ x < 1; `serial` keeps the address unique. */
export function drawPerson(currency: string, random: () => number, serial: number): Person {
  const fitting = locales.filter((locale) => locale.currencies.includes(currency));
  const locale = pick(fitting.length > 0 ? fitting : locales, random);
  const [given, givenLatin] = pick(locale.given, random);
  const [family, familyLatin] = pick(locale.family, random);
  const name = locale.familyFirst ? `${family} ${given}` : `${given} ${family}`;
  return { name, email: `${givenLatin}.${familyLatin}${serial}@${pick(mailHosts, random)}` };
}

/** One of the items. Throws a plain Error when there are none. */
export function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("Cannot pick from an empty list.");
  return item;
}
