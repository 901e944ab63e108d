// Compiles MJML with the official compiler: a JSON list of documents in, a JSON list of HTML out.
import mjml2html from "mjml";

const documents = JSON.parse(await new Response(process.stdin).text());
const pages = [];
for (const document of documents) {
  const result = await mjml2html(document, { validationLevel: "strict", keepComments: false, fonts: {} });
  pages.push(result.html);
}
process.stdout.write(JSON.stringify(pages));
