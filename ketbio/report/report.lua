-- What the formats need beyond pandoc's own output; the text is never changed here.

local function plain(blocks)
  return pandoc.utils.stringify(blocks)
end

-- A template of a user's own may not fetch, read or run anything: said between the marks that
-- convert.py looks for. Text patterns miss what pandoc understands (nested brackets, entities).
local function refuse(sentence)
  error("<<" .. sentence .. ">>", 0)
end

local SCHEMES = { http = true, https = true, mailto = true }

local function allowed_link(link)
  local target = link.target
  local scheme = target:match("^(%a[%w+.-]*):")
  if target ~= "" and target:sub(1, 1) ~= "#" and not (scheme and SCHEMES[scheme:lower()]) then
    refuse("A template has the link '" .. target .. "'; allowed are links that begin with '#', "
      .. "'https:', 'http:' or 'mailto:'.")
  end
end

local function allowed_image(image)
  if image.src:find("[/\\:]") or image.src:lower():find("%%2f") or image.src:lower():find("%%5c") then
    refuse("A template shows the image '" .. image.src .. "', which is no figure of this report; "
      .. "take it out. docs/report.md says how figures are put in a section.")
  end
end

local function is_active(name)
  return name:match("^on") or name:find("src", 1, true) or name:find("href", 1, true)
    or name:find(":", 1, true) or name:find("background", 1, true)
    or name == "style" or name == "poster" or name:find("action", 1, true)
end

local function allowed_attributes(element)
  for name in pairs(element.attributes) do
    if is_active(name:lower()) then
      refuse("A template gives something the attribute '" .. name .. "', which could fetch or run "
        .. "something; take it out.")
    end
  end
end

local function both(first, second)
  return function(element)
    first(element)
    second(element)
  end
end

local refusals = {
  Link = both(allowed_attributes, allowed_link),
  Image = both(allowed_attributes, allowed_image),
}
for _, kind in ipairs({ "Span", "Div", "Header", "Code", "CodeBlock", "Table", "Figure" }) do
  refusals[kind] = allowed_attributes
end

-- Every table has a number, in the order in which they stand; figures have theirs already.
local tables = 0
local numbers = {}

local function numbered_table(tbl)
  if #tbl.caption.long == 0 then
    return nil
  end
  tables = tables + 1
  numbers[tbl.identifier] = "Table " .. tables
  local inlines = pandoc.utils.blocks_to_inlines(tbl.caption.long)
  local rest = pandoc.Inlines(inlines)
  if plain(rest):match("^Table %d+%. ") then -- a number of its own gives way
    for _ = 1, 4 do
      rest:remove(1)
    end
  end
  local number = { pandoc.Str("Table"), pandoc.Space(), pandoc.Str(tables .. "."), pandoc.Space() }
  tbl.caption.long = { pandoc.Plain(pandoc.Inlines(number) .. rest) }
  return tbl
end

local function known_figure(figure)
  numbers[figure.identifier] = plain(figure.caption.long):match("^Figure %d+")
end

-- A reference says its number; in Word it becomes a field, which word_finish.py makes of the words.
local function with_number(link)
  local number = link.classes:includes("number") and numbers[link.target:sub(2)]
  if not number then
    return nil
  end
  local words = pandoc.Str(number)
  return FORMAT == "docx" and words or pandoc.Link({ words }, link.target)
end

-- HTML: every table scrolls inside itself, by keyboard too, and its headings say what they head.
local function scope(row, value, first_only)
  for place, cell in ipairs(row.cells) do
    if not first_only or place == 1 then
      cell.attributes.scope = value
    end
  end
end

local function scrolling(block, label)
  -- pairs, not a map: their order must be the same every time
  local attributes = { { "role", "group" }, { "tabindex", "0" }, { "aria-label", label } }
  return pandoc.Div({ block }, pandoc.Attr("", { "scroll" }, attributes))
end

local function html_figure(figure)
  local number = plain(figure.caption.long):match("^Figure %d+") or "Figure"
  figure.content = pandoc.Blocks({ scrolling(figure.content[1], number) })
  return figure
end

local function html_table(tbl)
  for place, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[place] = { spec[1], nil }
  end
  for _, row in ipairs(tbl.head.rows) do
    scope(row, "col", false)
  end
  if tbl.classes:includes("stub") then
    for _, body in ipairs(tbl.bodies) do
      body.row_head_columns = 1
      for _, row in ipairs(body.body) do
        scope(row, "row", true)
      end
    end
  end
  return scrolling(tbl, plain(tbl.caption.long))
end

-- PDF: pandoc's typst writer leaves the alternative text out.
local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

local function typst_image(image)
  local code = "image(" .. typst_string(image.src) .. ", width: 100%, alt: "
    .. typst_string(plain(image.caption)) .. ")"
  return pandoc.RawInline("typst", "#" .. code)
end

-- PDF: typst would set "..." and "--" as other letters; a string is set as it is.
local function typst_verbatim(word)
  if word.text:find("...", 1, true) or word.text:find("-", 1, true) then
    return pandoc.RawInline("typst", "#" .. typst_string(word.text) .. ";")
  end
end

-- PDF: a word longer than its line may break anywhere, but for a hash, which has room.
local LONGEST_WORD = 60
local LONGEST_IN_CELL = 32

local function breakable(longest)
  return function(word)
    local length = utf8.len(word.text)
    local is_done = word.text:find("\u{200B}", 1, true)
    if not length or length <= longest or is_done or word.text:match("^%x+$") then
      return typst_verbatim(word)
    end
    local letters = {}
    for _, code in utf8.codes(word.text) do
      table.insert(letters, utf8.char(code))
    end
    local broken = pandoc.Str(table.concat(letters, "\u{200B}"))
    return typst_verbatim(broken) or broken
  end
end

local function typst_table(tbl)
  local size = tbl.classes:includes("long") and "7pt" or "8.5pt"
  tbl.attributes["typst:text:size"] = size
  return tbl:walk({ Str = breakable(LONGEST_IN_CELL) })
end

local function typst_div(div)
  if div.classes:includes("notice") then
    div.attributes["typst:text:fill"] = 'rgb("#8a1c00")'
    div.attributes["typst:text:weight"] = '"bold"'
  elseif div.classes:includes("safety") then
    div.attributes["typst:stroke"] = '(left: 2pt + rgb("#8a1c00"))'
    div.attributes["typst:inset"] = "(left: 8pt)"
    div.attributes["typst:width"] = "100%"
  end
  return div
end

-- Word keeps the metadata as properties: where the bibliography and its style lay is nobody's business.
local function without_paths(meta)
  meta.bibliography = nil
  meta.csl = nil
  return meta
end

-- Paper: the title page stands alone; a PDF has the table of contents behind it.
local BREAKS = {
  docx = pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
  typst = pandoc.RawBlock("typst", "#contents-page()"),
}

local function with_title_page(document)
  for place, block in ipairs(document.blocks) do
    if block.t == "Header" then
      document.blocks:insert(place, BREAKS[FORMAT])
      return document
    end
  end
end

local filters = { refusals, { Meta = without_paths, Table = numbered_table, Figure = known_figure },
  { Link = with_number } }
if BREAKS[FORMAT] then
  table.insert(filters, { Pandoc = with_title_page })
end
if FORMAT:match("html") then
  table.insert(filters, { Table = html_table, Figure = html_figure })
elseif FORMAT == "typst" then
  table.insert(filters, { Table = typst_table, Image = typst_image, Div = typst_div })
  table.insert(filters, { Str = breakable(LONGEST_WORD) })
end
return filters
