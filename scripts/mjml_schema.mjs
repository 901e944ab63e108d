// Prints what MJML's own validator allows, as src/digest/adapters/rendering/mjml_schema.json holds it.
//
//   npm install --ignore-scripts --prefix DIR mjml@4.18.0
//   node scripts/mjml_schema.mjs DIR > src/digest/adapters/rendering/mjml_schema.json
//
// The tables are MJML's (MIT, Copyright (c) 2016 Mailjet SAS); version 4 is the one that mrml follows.
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const require = createRequire(resolve(process.argv[2], 'package.json'))
require('mjml')
const { components } = require('mjml-core')
const children = require('mjml-validator').dependencies
const { version } = require('mjml/package.json')
const colours = require('mjml-core/lib/types/helpers/colors')

const elements = {}
// The root is no component: these are the attributes that mjml-core reads from it.
elements.mjml = { attributes: { dir: 'string', lang: 'string', owa: 'string' }, children: children.mjml, text: false }
for (const name of Object.keys(components).sort()) {
  const component = components[name]
  elements[name] = {
    attributes: component.allowedAttributes || {},
    // mj-attributes may hold any component (a pattern there), the others what is listed.
    children: (children[name] || []).filter((child) => typeof child === 'string').sort(),
    text: component.endingTag === true,
  }
}
const table = {
  source: `mjml ${version} from npm, MIT, Copyright (c) 2016 Mailjet SAS; written by scripts/mjml_schema.mjs`,
  colours: (colours.default || colours).slice().sort(),
  elements,
}
process.stdout.write(`${JSON.stringify(table).replaceAll('},"mj', '},\n"mj')}\n`)
